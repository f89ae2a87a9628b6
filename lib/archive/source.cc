// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/archive/source.h"

#include <algorithm>
#include <array>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/archive/archive_reader.h"
#include "lib/archive/directory.h"
#include "lib/archive/ext_source.h"
#include "lib/archive/squashfs_source.h"

namespace trxkit::archive {
namespace {

constexpr std::size_t kTarBlock = 512;
constexpr std::string_view kArMagic = "!<arch>\n";

enum class Kind : std::uint8_t {
  unknown,
  tar,
  cpio,
  package_in_tar,
  package_in_ar,
  squashfs,
  ext,
};

// The start of a stream: as much as tells what it is, or all there is.
using Head = std::vector<std::byte>;

Result<Head> head_of(ByteStream& stream) {
  Head head(kExtHead);
  head.resize(TRY(read_fully(stream, head)));
  return head;
}

// POSIX.1 pax, "ustar Interchange Format": the checksum is the sum of the header's bytes with its
// own field as spaces. Old tars have it but no magic.
bool is_tar_header(const Head& head) {
  constexpr std::size_t kField = 148, kFieldSize = 8;
  if (head.size() < kTarBlock) return false;
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < kTarBlock; ++i) {
    bool own = i >= kField && i < kField + kFieldSize;
    sum += own ? std::uint32_t{' '} : std::to_integer<std::uint32_t>(head[i]);
  }
  std::uint32_t stored = 0;
  for (char c : as_text(head).substr(kField, kFieldSize)) {
    if (c >= '0' && c <= '7') stored = stored * 8 + static_cast<std::uint32_t>(c - '0');
  }
  return sum == stored;
}

bool starts_with_package_marker(std::string_view header) {
  std::string_view name = header.substr(0, std::min<std::size_t>(100, header.find('\0')));
  return name == "debian-binary" || name == "./debian-binary";
}

// Magics of cpio(5): newc, newc with checksums, odc, and the binary one in both byte orders.
bool is_cpio(std::string_view head) {
  constexpr std::array<std::string_view, 5> kMagics{"070701", "070702", "070707", "\xc7\x71",
                                                    "\x71\xc7"};
  return std::ranges::any_of(kMagics,
                             [&](std::string_view magic) { return head.starts_with(magic); });
}

Kind kind_of(const Head& head) {
  std::string_view text = as_text(head);
  if (text.starts_with(kArMagic)) return Kind::package_in_ar;
  if (is_cpio(text)) return Kind::cpio;
  if (looks_like_squashfs(head)) return Kind::squashfs;
  if (is_tar_header(head)) {
    return starts_with_package_marker(text) ? Kind::package_in_tar : Kind::tar;
  }
  if (looks_like_ext(head)) return Kind::ext;
  // A tar of nothing is its two zero blocks.
  bool zero = text.substr(0, kTarBlock).find_first_not_of('\0') == std::string_view::npos;
  return zero && head.size() >= kTarBlock ? Kind::tar : Kind::unknown;
}

class ArchiveSource : public Source {
 public:
  ArchiveSource(std::shared_ptr<const InputFile> file, Kind kind, bool compressed,
                bool accept_unterminated)
      : file_(std::move(file)),
        kind_(kind),
        compressed_(compressed),
        accept_unterminated_(accept_unterminated) {}

  Result<std::unique_ptr<Reader>> open() const override {
    auto stream = file_stream(file_);
    if (compressed_) stream = TRY(decompressed(std::move(stream), name()));
    if (kind_ == Kind::package_in_tar || kind_ == Kind::package_in_ar) {
      Format outer = kind_ == Kind::package_in_ar ? Format::ar : Format::tar;
      stream = TRY(package_data(std::move(stream), outer, name()));
      stream = TRY(decompressed(std::move(stream), name() + " (data.tar)"));
    }
    if (kind_ == Kind::cpio) return cpio_reader(std::move(stream), name());
    return tar_reader(std::move(stream), name(), accept_unterminated_);
  }
  std::string name() const override { return file_->name(); }

 private:
  std::shared_ptr<const InputFile> file_;
  Kind kind_;
  bool compressed_;
  bool accept_unterminated_;
};

std::unexpected<Error> unknown(const InputFile& file, const std::string& other_hint) {
  std::string kinds = "tar, cpio, ipk, squashfs or ext4";
  std::string what = file.size() == 0 ? "is empty" : "is no " + kinds;
  std::string hint = fmt::format("give a directory, or a {}, compressed or not", kinds);
  if (!other_hint.empty()) hint += "; " + other_hint;
  return advise(fail_at({file.name(), {}}, Code::bad_input, "{}", what), hint);
}

// Where files are spooled: beside the output, where there is room for it.
Env spooling(const Env& env, const SourceOptions& options) {
  Env spool = env;
  if (!options.spool_directory.empty()) spool.temporary_directory = options.spool_directory;
  return spool;
}

}  // namespace

Result<SourcePointer> open_source(const std::string& path, const Env& env,
                                  const SourceOptions& options) {
  struct stat status{};
  if (path != "-" && stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) {
    return directory_source(path);
  }
  return open_source(TRY(InputFile::open(path, spooling(env, options))), env, options);
}

Result<SourcePointer> open_source(InputFile opened, const Env& env, const SourceOptions& options) {
  auto file = std::make_shared<const InputFile>(std::move(opened));
  auto stream = TRY(decompressed(file_stream(file), file->name()));
  Kind kind = kind_of(TRY(head_of(*stream)));
  if (kind == Kind::unknown) return unknown(*file, options.other_hint);
  if (kind != Kind::squashfs && kind != Kind::ext) {
    return std::make_shared<ArchiveSource>(std::move(file), kind, !stream->is_the_file(),
                                           options.accept_unterminated);
  }
  // Who reads an image of a file system has to jump about in it.
  if (!stream->is_the_file()) {
    stream = TRY(decompressed(file_stream(file), file->name()));
    const std::filesystem::path folder = spooling(env, options).temporary_directory;
    file = std::make_shared<const InputFile>(TRY(spool(*stream, file->name(), folder)));
  }
  return kind == Kind::ext ? ext_source(std::move(file)) : squashfs_source(std::move(file), env);
}

}  // namespace trxkit::archive
