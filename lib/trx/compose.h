// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// An image that is to be: header fields, and the pieces of files and padding that make its bytes.
// It is put together here, judged as an Image like one that was read, and then written.
#pragma once

#include <optional>
#include <vector>

#include "lib/trx/codec.h"
#include "lib/trx/image.h"

namespace trxkit::trx {

/// Consecutive bytes: from a file, or `fill` repeated.
struct Piece {
  std::optional<FileRange> source;
  std::uint64_t size = 0;  ///< bytes
  std::uint8_t fill = 0;
  unsigned part = 0;  ///< 1 to 4: payload of that part; 0: padding, or behind `length`
};

/// The fields of a header that are not computed.
struct HeaderFields {
  std::uint32_t magic = 0;
  std::uint16_t version = 1;  ///< 1 or 2
  std::uint16_t flags = 0;
  std::uint64_t third_shift = 0;  ///< bytes that part 3 starts before its offset says (Edimax)
};

/// Steps append, like the options of firmware-utils src/trx.c: every file is padded with zeros to a
/// multiple of 4 bytes.
class Composition {
 public:
  explicit Composition(const HeaderFields& fields) : fields_(fields), size_(header_size()) {}

  /// Begins a part here with the bytes of `source`. Errors: Code::usage where the header has no
  /// field left, the part before has no bytes, or `length` ended already; Code::bad_input for an
  /// empty source; Code::does_not_fit above 4 GiB.
  Status start_part(const FileRange& source);
  /// Begins part 4 of version 2, whatever parts there are before it. Errors: as start_part().
  Status start_fourth(const FileRange& source);
  /// Adds to what is there. Errors: as start_part(), Code::usage without a part.
  Status append(const FileRange& source);
  /// Ends `length` and what the CRC covers here, and adds `source` behind. Used again, the last use
  /// counts. Errors: as append().
  Status append_behind(const FileRange& source);
  /// Pads with zeros to `offset` (bytes from the header). Errors: Code::does_not_fit where the
  /// image is longer already, by how much.
  Status pad_to(std::uint64_t offset);
  /// Takes the last `count` bytes away again. Errors: Code::usage where that reaches into the
  /// header, an earlier part, or what lies before the end of `length`.
  Status cut(std::uint64_t count);
  /// Pads to a multiple of `alignment` bytes; `length` ends there, unless it ended before. The last
  /// of them are those of `tail`, which belongs to no part. Errors: Code::does_not_fit; Code::usage
  /// where the last part has no bytes.
  Status close(std::uint64_t alignment = kImageAlignment, const FileRange& tail = {});
  /// Behind `length`: bytes of value 0xFF up to `offset`, then a JFFS2 marker. Only after close().
  void mark(std::uint64_t offset);

  std::uint64_t size() const { return size_; }  ///< bytes so far, header and trailer included
  /// Bytes up to the end of `length`, once that is known.
  std::optional<std::uint64_t> length() const { return length_; }
  /// As it would be read from a file called `name`; the CRC is `crc`.
  Image image(const std::string& name, std::uint32_t crc) const;
  /// The header, with `crc`; the first header_size() bytes of it count.
  TrxHeaderV2 header(std::uint32_t crc) const;
  std::uint64_t header_size() const;
  const std::vector<Piece>& pieces() const { return pieces_; }
  /// As the header has them; 0: absent.
  const std::vector<std::uint32_t>& offsets() const { return offsets_; }
  /// Where the last part starts: bytes from the header.
  std::uint64_t last_start() const { return last_start_; }
  /// Bytes of files in part `number` (1 to 4), without padding.
  std::uint64_t part_size(unsigned number) const;

 private:
  Status add(Piece piece);
  Status add_file(const FileRange& source);
  Status check_last_part() const;

  HeaderFields fields_;
  std::optional<std::uint64_t> length_;
  std::uint64_t size_;
  std::vector<std::uint32_t> offsets_;
  std::uint64_t last_start_ = 0;
  std::vector<Piece> pieces_;  ///< everything behind the header
};

/// Appends header, parts and trailer to `output`, reading every source once, and returns the CRC of
/// what was written. The header goes in last, so `output` has to be a file that can be rewritten.
/// Errors: those of reading and writing.
Result<std::uint32_t> write_image(const Composition& composition, OutputFile& output);

/// SHA-256 of what was written.
struct Digests {
  Sha256Digest whole{};               ///< of the file
  std::vector<Sha256Digest> parts;    ///< of the parts' payloads, without padding
  std::vector<Sha256Digest> sources;  ///< of the pieces with a source, in their order
};

/// Reads `file`, in which the image of `composition` ends with the end of the file: once for the
/// whole and, at the same time, once for the rest. Errors: those of reading.
Result<Digests> digests_of(const Composition& composition, const InputFile& file);

}  // namespace trxkit::trx
