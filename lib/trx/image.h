// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// A TRX image as it is found in a file, however nonsensical: the header's fields and the ranges of
// the parts that follow from them. Judged in judge.h.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "lib/system/file.h"
#include "lib/trx/header.h"

namespace trxkit::trx {

struct Part {
  unsigned number = 0;       ///< 1 to 4: which offset field names it
  std::uint64_t offset = 0;  ///< bytes from the header's first byte
  /// Where it ends: at the next larger offset, the last at `length`, none behind the file's end.
  std::uint64_t end = 0;
  std::uint64_t size() const { return end - offset; }
};

/// What surrounds a TRX header in its file (container.h).
struct Surroundings {
  /// Where what belongs to the image ends at the latest: bytes from the start of the file.
  std::uint64_t end = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t tail = 0;         ///< bytes at the end of `length` that belong to no part (ASUS)
  std::uint64_t third_shift = 0;  ///< bytes that part 3 starts before its offset says (Edimax)
};

struct Image {
  std::string file;            ///< for messages
  std::uint64_t position = 0;  ///< of the header: bytes from the start of the file
  /// Bytes from the header to the end of the file, or of the firmware's room in a dump.
  std::uint64_t available = 0;
  bool from_flash = false;  ///< read back from a router (take_as_dump())
  std::uint32_t magic = 0;
  std::uint32_t length = 0;
  std::uint32_t crc = 0;
  std::uint16_t flags = 0;
  std::uint16_t version = 0;
  Surroundings around;
  std::vector<std::uint32_t> offsets;  ///< as stored: 3, or 4 in version 2
  std::uint32_t fourth_field = 0;      ///< in version 1 the first four bytes of the contents
  std::vector<Part> parts;             ///< those with an offset, in the order of the fields

  /// Where parts have to start before: `length`; in a dump whose length covers fewer parts, the end
  /// of what is there.
  std::uint64_t parts_end() const;
  /// Where the part that field `index` (0 to 3) names starts: bytes from the header.
  std::uint64_t start_of(std::size_t index) const;
  std::uint64_t header_size() const { return kOffsetField + 4 * offsets.size(); }
  /// The place `offset` bytes behind the header's first byte.
  Where at(std::uint64_t offset) const { return {file, position + offset}; }
};

/// Whether the fields make sense as a TRX header although the magic may be unknown: a version that
/// exists, and a first part where version and header say.
bool looks_like_trx(const Image& image);

/// Reads the header at `position` (bytes from the start of the file). Errors: Code::bad_input
/// where the file ends within the header (TRX002 if its magic is a known one), or where neither
/// the magic (known, or `expected_magic`) nor the rest looks like TRX.
Result<Image> read_image(const InputFile& file, std::uint64_t position,
                         std::optional<std::uint32_t> expected_magic,
                         const Surroundings& around = {});

/// The image that `header` describes in `available` bytes, without reading anything.
Image interpret(std::string file, std::uint64_t position, std::uint64_t available,
                const TrxHeaderV2& header, const Surroundings& around = {});

/// Takes `image` as read back from a flash in which at most `room` bytes from the header on belong
/// to it. OpenWrt's `mtd fixtrx` and DD-WRT give a flashed image a length that covers only its
/// first parts (OpenWrt package/system/mtd/src/trx.c): the last part then ends with the room.
void take_as_dump(Image& image, std::uint64_t room);

/// The JAMCRC of the bytes that are there, bytes 12 to length - 1, with version 2's masked bytes.
Result<std::uint32_t> compute_crc(const InputFile& file, const Image& image);

/// The bytes of part 4 that version 2's CRC does not see: offset from the header, or 0 if none.
std::uint64_t masked_bytes(const Image& image);

}  // namespace trxkit::trx
