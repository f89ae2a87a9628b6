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
  unsigned part = 0;  ///< 1 to 4: payload of that part; 0: padding
};

class Composition {
 public:
  /// An empty image of `version` 1 or 2.
  Composition(std::uint32_t magic, std::uint16_t version);

  /// Begins a part here with the bytes of `source`. Errors: Code::usage where the header has no
  /// field left or the source is empty; Code::does_not_fit above 4 GiB.
  Status start_part(const FileRange& source);
  /// Adds to the last part, behind padding to 4 bytes. Errors: as start_part(), Code::usage
  /// without a part.
  Status append(const FileRange& source);
  /// Pads with zeros to `offset` (bytes from the header). Errors: Code::does_not_fit where the
  /// image is longer already, by how much.
  Status pad_to(std::uint64_t offset);
  /// Ends what `length` and CRC cover, padded to 4 KiB. Errors: Code::does_not_fit.
  Status close();
  /// Behind `length`: bytes of value 0xFF up to `offset`, then a JFFS2 marker. Only after close().
  void mark(std::uint64_t offset);

  std::uint64_t size() const { return size_; }  ///< bytes so far, header and trailer included
  /// As it would be read from a file called `name`; the CRC is `crc`.
  Image image(const std::string& name, std::uint32_t crc) const;
  /// The header, with `crc`; the first header_size() bytes of it count.
  TrxHeaderV2 header(std::uint32_t crc) const;
  std::uint64_t header_size() const;
  const std::vector<Piece>& pieces() const { return pieces_; }
  const std::vector<std::uint32_t>& offsets() const { return offsets_; }

 private:
  Status add(Piece piece);

  std::uint32_t magic_;
  std::uint16_t version_;
  std::uint32_t length_ = 0;
  std::uint64_t size_;
  std::vector<std::uint32_t> offsets_;
  std::vector<Piece> pieces_;  ///< everything behind the header
};

/// What a finished image consists of.
struct Written {
  std::uint32_t crc = 0;
  Sha256Digest digest{};                   ///< of the whole file
  std::vector<Sha256Digest> part_digests;  ///< of the parts' payloads, without padding
};

/// The CRC that the header has to carry; reads every source once. Errors: those of reading.
Result<std::uint32_t> crc_of(const Composition& composition);

/// Writes header, parts and trailer in one pass, so that `output` may be a pipe. `crc` comes from
/// crc_of(). Errors: Code::io, also where a source changed since then.
Result<Written> write_image(const Composition& composition, std::uint32_t crc, OutputFile& output);

}  // namespace trxkit::trx
