// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What vendors put around a TRX image so that their own firmware takes it: recognised, read as it
// is found, judged, and written. Each container has a file of its own (container_KIND.cc) behind
// one interface (container_format.h); the TRX inside is image.h's business.
#pragma once

#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/board/board.h"
#include "lib/core/finding.h"
#include "lib/trx/codec.h"
#include "lib/trx/image.h"

namespace trxkit::trx {

/// One number in a container's header.
struct ContainerField {
  std::string_view name;     ///< "region", "start address"
  std::uint64_t offset = 0;  ///< bytes from the start of the file
  std::uint64_t value = 0;   ///< as stored
  std::uint64_t least = 0;   ///< what known tools write, from ...
  std::uint64_t most = std::numeric_limits<std::uint64_t>::max();  ///< ... to
};

/// A length in a header and what is there.
struct ContainerLength {
  std::uint64_t offset = 0;     ///< of the field: bytes from the start of the file
  std::uint64_t stated = 0;     ///< bytes of the contents
  std::uint64_t available = 0;  ///< bytes from the contents' start to the end of the file
};

/// A checksum in a header and that of the bytes that are there.
struct ContainerChecksum {
  std::string_view name;     ///< "CRC", "kernel checksum"
  std::uint64_t offset = 0;  ///< of the field: bytes from the start of the file
  std::uint32_t stated = 0;
  std::uint32_t computed = 0;  ///< by read_contents()
  bool of_header = false;      ///< it covers the header, not the contents
};

/// A container as found in a file, however nonsensical. Offsets count from the start of the file.
struct Container {
  board::ContainerKind kind = board::ContainerKind::none;
  std::string file;             ///< for messages
  std::uint64_t position = 0;   ///< of its header, or of the ASUS tail
  std::uint64_t size = 0;       ///< bytes of that
  std::uint64_t trx = 0;        ///< where the TRX header should be
  std::uint64_t end = 0;        ///< where its contents end, by its own length or by the file's
  std::uint64_t file_size = 0;  ///< bytes
  std::string id;               ///< product, pattern, board id or model; may hold any bytes
  std::optional<std::uint64_t> id_offset;  ///< nothing: the container names no model
  std::vector<std::uint8_t> version;       ///< of the firmware, first number first; may be empty
  std::vector<ContainerField> fields;      ///< the other numbers
  std::optional<ContainerLength> length;
  std::vector<ContainerChecksum> checksums;
  /// The first byte behind `end` that is neither 0x00 nor 0xFF, by read_contents().
  std::optional<std::uint64_t> foreign;

  /// The place `offset` bytes from the start of the file.
  Where at(std::uint64_t offset) const { return {file, offset}; }
};

/// The first bytes of Netgear's header, 0x2A23245E.
inline constexpr std::string_view kChkMagic = "*#$^";
/// Bytes of the ASUS tail, which lies inside `length`.
inline constexpr std::uint64_t kAsusTailSize = 64;
/// Bytes of the Edimax header, and how much earlier than its offset says part 3 starts.
inline constexpr std::uint64_t kEdimaxHeaderSize = 12;

/// The container at `position` of `file`; one of kind none, `trx` at `position`, where there is
/// none. Reads no more than its header. Errors: Code::bad_input with TRX030 where the file ends
/// within that, Code::io.
Result<Container> read_container(const InputFile& file, std::uint64_t position);

/// Computes the checksums of `container` and looks at what lies behind it: reads the file from the
/// container to its end, up to two times. Errors: Code::io.
Status read_contents(const InputFile& file, Container& container);

/// The TRX in `container`, with what the container means for its parts (ASUS tail, Edimax shift).
/// Errors: those of read_image() below; TRX037 where a container has no TRX in it.
Result<Image> read_image(const InputFile& file, const Container& container,
                         std::optional<std::uint32_t> expected_magic);

/// Findings TRX031 to TRX040, TRX043 and TRX044, but not TRX037. `board` may be null.
Findings judge_container(const Container& container, const Image& image, const board::Board* board);

/// What a container's header is made for.
struct ContainerContents {
  std::uint64_t size = 0;  ///< bytes
  /// Gives all of them, in order, to the sink; may be called more than once.
  std::function<Status(const Sink&)> visit;
};

/// The header (for ASUS the tail) of the container that `trx` names, for `contents`. `epoch`
/// (seconds since 1970-01-01 UTC) becomes its date, where it has one. Empty for kind none.
/// Errors: Code::does_not_fit where a length does not fit into the header; those of `contents`.
Result<std::vector<std::byte>> container_header(const board::TrxProperties& trx,
                                                const ContainerContents& contents,
                                                std::int64_t epoch);

/// Whether all of `file` looks like an ASUS tail in every byte that is known. Errors: Code::io.
Result<bool> is_asus_tail(const InputFile& file);

/// "Netgear CHK", "ASUS tail": for people.
std::string_view title_of(board::ContainerKind kind);

/// The model that `container` is for, as text fit for a terminal.
std::string printable_id(const Container& container);

/// "4.20.6"; empty where there is none.
std::string version_text(const Container& container);

}  // namespace trxkit::trx
