// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Trees as text, one line an entry, so that tests compare what they see.
#pragma once

#include <array>
#include <string>

#include "lib/archive/entry.h"
#include "lib/archive/merge.h"
#include "lib/archive/path.h"
#include "lib/archive/source.h"
#include "lib/archive/write.h"
#include "lib/system/file.h"

#include "tests/unit/scratch.h"

namespace trxkit::archive {

/// "file etc/x 644 0:0 3 'abc'" and its like. Contents longer than 40 bytes: their CRC.
inline std::string line_of(const Entry& entry, const std::string& contents) {
  std::string line = fmt::format("{} {} {:o} {}:{}", name_of(entry.type), entry.path, entry.mode,
                                 entry.uid, entry.gid);
  if (entry.type == EntryType::file) line += fmt::format(" {} '{}'", entry.size, contents);
  if (!entry.link_target.empty()) line += " -> " + entry.link_target;
  if (entry.device_major + entry.device_minor > 0) {
    line += fmt::format(" {}:{}", entry.device_major, entry.device_minor);
  }
  for (const auto& attribute : entry.attributes) {
    line += fmt::format(" {}={}", attribute.name, attribute.value);
  }
  return line + "\n";
}

inline Result<std::string> contents_of(Reader& reader) {
  std::string text;
  std::array<std::byte, 1000> block{};
  while (true) {
    std::size_t got = TRY(reader.read(block));
    if (got == 0) return text;
    text += as_text(Bytes(block).first(got));
  }
}

/// All entries of `source`, or "error: ..." behind those that came before it.
inline std::string text_of(const Source& source) {
  std::string text;
  auto reader = source.open();
  while (reader) {
    auto entry = (*reader)->next();
    if (!entry) return text + "error: " + entry.error().what;
    if (!*entry) return text;
    auto contents = contents_of(**reader);
    if (!contents) return text + "error: " + contents.error().what;
    text += line_of(**entry, *contents);
  }
  return "error: " + reader.error().what;
}

/// Scratch folder, and what archive tests do in it.
class ArchiveTest : public test::Scratch {
 public:
  std::string text_of_file(const std::string& file, const SourceOptions& options = {}) const {
    auto source = open_source(path(file), env, options);
    return source ? text_of(**source) : "error: " + source.error().what;
  }

  /// Writes `source` with `writer` (tar_writer or cpio_writer) into `file`.
  Status save(const Source& source, const std::string& file,
              std::unique_ptr<Writer> (*writer)(ByteSink)) const {
    OutputFile output = TRY(OutputFile::create(path(file)));
    auto archive = writer([&](Bytes bytes) { return output.write(bytes); });
    TRY(copy_entries(source, *archive));
    return output.commit();
  }
};

}  // namespace trxkit::archive
