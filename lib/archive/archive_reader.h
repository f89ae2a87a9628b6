// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Entries out of tar, cpio and package archives.
#pragma once

#include <memory>
#include <string>

#include "lib/archive/archive_handle.h"
#include "lib/archive/entry.h"

namespace trxkit::archive {

/// An entry with what only some formats say about it.
struct RawEntry {
  Entry entry;
  bool has_more_names = false;        ///< cpio: of the file
  std::uint64_t bytes_following = 0;  ///< contents in the archive, behind hard links too
};

/// The entries of an archive in its own order and manner.
class ArchiveEntries {
 public:
  explicit ArchiveEntries(std::unique_ptr<ArchiveHandle> handle) : handle_(std::move(handle)) {}
  /// Errors as Reader::next().
  Result<std::optional<RawEntry>> next();
  /// What follows the last entry: up to target.size() bytes, 0 at its end.
  Result<std::size_t> read(MutableBytes target) { return handle_->read(target); }

 private:
  std::unique_ptr<ArchiveHandle> handle_;
};

/// The entries of the tar in `stream`.
Result<std::unique_ptr<Reader>> tar_reader(std::unique_ptr<ByteStream> stream,
                                           const std::string& name, bool accept_unterminated);

/// The entries of the cpio in `stream`. In a newc cpio all names of a file say size 0 but the last,
/// which has the contents (GNU cpio, copyout.c); here they come with the first name, as soon as the
/// last one was seen.
Result<std::unique_ptr<Reader>> cpio_reader(std::unique_ptr<ByteStream> stream,
                                            const std::string& name);

/// The member "data.tar", in any compression, of the package (ipk, deb) in `stream`: an ar or a
/// tar. Its end is an error where the package is damaged behind it.
Result<std::unique_ptr<ByteStream>> package_data(std::unique_ptr<ByteStream> stream, Format format,
                                                 const std::string& name);

}  // namespace trxkit::archive
