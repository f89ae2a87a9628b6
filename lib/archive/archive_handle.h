// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// libarchive behind our own errors. What it accepts silently and we refuse: a tar that ends without
// its two zero blocks (a cut one looks the same), data behind the end of an archive, and
// compressors that it would run as programs.
//
// libarchive converts names between character sets. In the "C" locale (no program of ours calls
// setlocale()) a name that is not ASCII cannot be converted, and then it hands out the bytes as
// they stand in the archive, with a warning (libarchive 3.6, archive_read_support_format_tar.c,
// "Use raw mbs"); that is what we want.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lib/archive/read_window.h"
#include "lib/core/digest.h"

struct archive;
struct archive_entry;

namespace trxkit::archive {

enum class Format : std::uint8_t { compressed, tar, cpio, ar };

/// An archive (or, as Format::compressed, a file in any compression or none) that is being read.
class ArchiveHandle {
 public:
  /// `name` for messages. Errors: Code::bad_input where the stream does not start as `format`.
  static Result<std::unique_ptr<ArchiveHandle>> open(std::unique_ptr<ByteStream> stream,
                                                     Format format, std::string name,
                                                     bool accept_unterminated = false);
  ~ArchiveHandle();
  ArchiveHandle(const ArchiveHandle&) = delete;
  ArchiveHandle& operator=(const ArchiveHandle&) = delete;

  /// The next header, owned by this; null at the end, which has been judged then.
  Result<archive_entry*> next();
  /// Contents behind the last header, with zeros for holes: up to target.size() bytes, 0 at the
  /// end.
  Result<std::size_t> read(MutableBytes target);
  /// Where the last header starts, if that is a place in the file that the user named.
  Where where() const;
  /// Whether there is no compression between the stream and its user.
  bool plain() const;
  /// For Format::compressed, behind the last byte: reads the stream to its end, so that what
  /// delivers it can tell whether it is whole, and checks what libarchive does not.
  Status finish_compressed();

 private:
  ArchiveHandle(std::unique_ptr<ByteStream> stream, Format format, std::string name);
  std::unexpected<Error> failed();
  Status check_start(std::uint64_t start_of_entry);
  Status check_end(std::uint64_t end_of_entries);
  Status check_gzip() const;
  Status next_block();
  static long fetch(struct ::archive* handle, void* self, const void** piece);

  ReadWindow window_;
  Format format_;
  std::string name_;
  bool accept_unterminated_ = false;
  struct ::archive* handle_;
  std::optional<Error> stream_error_;
  bool started_ = false;
  bool newc_ = false;  // a cpio with headers of that kind
  std::string last_path_;

  // Contents of the current entry.
  std::uint64_t size_ = 0;
  bool sparse_ = false;
  std::uint64_t position_ = 0;
  Bytes block_;
  std::uint64_t block_position_ = 0;
  bool blocks_ended_ = false;
  Crc32 crc_;  // of what read() has returned, for Format::compressed
};

/// The stream without its compression: gzip, bzip2, xz, lzma, lzip, zstd, lz4, compress, or none.
Result<std::unique_ptr<ByteStream>> decompressed(std::unique_ptr<ByteStream> stream,
                                                 const std::string& name);

}  // namespace trxkit::archive
