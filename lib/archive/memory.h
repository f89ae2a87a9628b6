// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// A small tree made by ourselves: rendered scripts, device nodes, directories, and files of the
// host that are read when they are needed.
#pragma once

#include <string>
#include <vector>

#include "lib/archive/entry.h"
#include "lib/system/env.h"
#include "lib/system/file.h"

namespace trxkit::archive {

/// Entries in the order in which they were added. Times are the build's epoch, owners 0:0 unless
/// changed on the returned entry. Paths are normalised when the tree is read. A tree outside a
/// shared pointer must outlive its readers.
class MemoryTree : public Source, public std::enable_shared_from_this<MemoryTree> {
 public:
  /// `name` for messages; `epoch`: mtime of all entries (seconds since 1970-01-01 UTC).
  MemoryTree(std::string name, std::int64_t epoch) : name_(std::move(name)), epoch_(epoch) {}

  Entry& add_text(std::string path, std::string contents, std::uint32_t mode = 0644);
  /// A file whose contents are those of the host file `host_path` at the time of reading.
  /// Errors: Code::io.
  Status add_file(std::string path, const std::string& host_path, std::uint32_t mode,
                  const Env& env);
  Entry& add_directory(std::string path, std::uint32_t mode = 0755);
  Entry& add_symlink(std::string path, std::string target);
  Entry& add_device(std::string path, EntryType type, std::uint32_t major, std::uint32_t minor,
                    std::uint32_t mode);

  Result<std::unique_ptr<Reader>> open() const override;
  std::string name() const override { return name_; }

 private:
  friend class MemoryReader;
  struct Item {
    Entry entry;
    std::string contents;                      ///< of a file, where it has no host_path
    std::string host_path;                     ///< empty: contents
    std::shared_ptr<const InputFile> spooled;  ///< of standard input, which is read only once
  };
  Item& add(std::string path, EntryType type, std::uint32_t mode);

  std::string name_;
  std::int64_t epoch_;
  std::vector<std::unique_ptr<Item>> items_;
};

}  // namespace trxkit::archive
