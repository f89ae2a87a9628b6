// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// nvram as it is found in a file, however nonsensical: where it lies, the header's fields, the
// settings that follow. Judged in judge.h, changed in edit.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/nvram/header.h"
#include "lib/system/file.h"

namespace trxkit::nvram {

/// One `name=value`.
struct Setting {
  std::uint64_t offset = 0;  ///< bytes from the header's first byte
  std::string name;
  std::string value;
  bool assigned = true;  ///< has its '='; otherwise all of it is the name
};

/// Which of the places where nvram may lie.
enum class Place : std::uint8_t {
  flash_end,  ///< at the end of a chip, or of a dump of its last partition
  whole_file,
  defaults,  ///< inside a boot loader, which falls back on it
};
std::string_view name_of(Place place);

struct Nvram {
  std::string file;  ///< for messages
  Place place = Place::whole_file;
  std::uint64_t position = 0;  ///< of the header: bytes from the start of the file
  std::uint64_t room = 0;      ///< bytes from the header that nvram may fill
  NvramHeader header{};
  std::vector<std::byte> bytes;  ///< all of its room, header included
  std::uint8_t computed_crc = 0;
  std::vector<Setting> settings;  ///< in the order of the file
  /// The zero byte of the empty name behind the last setting; nothing where there is none before
  /// `length`. Bytes from the header.
  std::optional<std::uint64_t> terminator;

  /// Where what `length` covers ends, none behind the room.
  std::uint64_t end() const;
  /// The place `offset` bytes behind the header's first byte.
  Where at(std::uint64_t offset) const { return {file, position + offset}; }
  /// The setting that the boot loader uses: the last of its name. Null if there is none.
  const Setting* find(std::string_view name) const;
};

/// The failure (Code::usage) to find `name` among `settings`, with a suggestion.
std::unexpected<Error> no_setting(const std::vector<Setting>& settings, const std::string& name);

/// Reads the header at `position` (bytes from the start of the file, where kMagic stands) and the
/// settings behind it. `room` (bytes from there) ends with the file at the latest. Errors:
/// Code::io; Code::bad_input where the file ends within the header.
Result<Nvram> read_nvram(const InputFile& file, Place place, std::uint64_t position,
                         std::uint64_t room);

/// The nvram that boot loader and kernel would take from a chip dump or a dump of the chip's last
/// partition: the first of kSpaces from the end that has a header; else one at the very start of a
/// file of at most kLargestRoom. Nothing where there is none. Errors: those of read_nvram().
Result<std::optional<Nvram>> find_nvram(const InputFile& file);

/// The defaults inside the boot loader at the start of `file`, if it carries some. Errors: those of
/// read_nvram().
Result<std::optional<Nvram>> find_defaults(const InputFile& file);

}  // namespace trxkit::nvram
