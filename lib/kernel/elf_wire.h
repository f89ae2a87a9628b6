// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// ELF structures as they lie in a file, for both word sizes and byte orders (System V ABI, "Object
// Files"; numbers of the MIPS supplement). They describe bytes and judge nothing.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "lib/core/bytes.h"

namespace trxkit::kernel::wire {

inline constexpr std::uint8_t kClass32 = 1;
inline constexpr std::uint8_t kClass64 = 2;
inline constexpr std::uint8_t kLittleEndian = 1;
inline constexpr std::uint8_t kBigEndian = 2;

inline constexpr std::uint16_t kTypeExecutable = 2;
inline constexpr std::uint16_t kMachineMips = 8;

inline constexpr std::uint32_t kSegmentNull = 0;
inline constexpr std::uint32_t kSegmentLoad = 1;
inline constexpr std::uint32_t kSegmentDynamic = 2;
inline constexpr std::uint32_t kSegmentInterpreter = 3;
inline constexpr std::uint32_t kSegmentNote = 4;
inline constexpr std::uint32_t kSegmentGnuStack = 0x6474e551;
inline constexpr std::uint32_t kSegmentMipsRegisters = 0x70000000;
inline constexpr std::uint32_t kSegmentMipsAbiFlags = 0x70000003;

inline constexpr std::uint32_t kFlagExecute = 1;
inline constexpr std::uint32_t kFlagWrite = 2;
inline constexpr std::uint32_t kFlagRead = 4;

inline constexpr std::uint32_t kSectionNoBits = 8;
inline constexpr std::uint32_t kSectionSymbols = 2;

/// e_phnum of a file whose real count stands elsewhere (PN_XNUM).
inline constexpr std::uint16_t kExtendedCount = 0xffff;

using Identification = std::array<std::uint8_t, 16>;

template <std::endian Order, typename Address>
struct FileHeader {
  using Half = BoxedInteger<std::uint16_t, Order>;
  using Word = BoxedInteger<std::uint32_t, Order>;
  using Location = BoxedInteger<Address, Order>;
  Identification identification{};
  Half type, machine;
  Word version;
  Location entry, program_table, section_table;
  Word flags;
  Half header_size, program_entry_size, program_count;
  Half section_entry_size, section_count, section_names;
};

template <std::endian Order, typename Address>
struct ProgramHeader;

template <std::endian Order>
struct ProgramHeader<Order, std::uint32_t> {
  using Word = BoxedInteger<std::uint32_t, Order>;
  Word type, offset, virtual_address, physical_address, file_size, memory_size, flags, alignment;
};

template <std::endian Order>
struct ProgramHeader<Order, std::uint64_t> {
  using Word = BoxedInteger<std::uint32_t, Order>;
  using Long = BoxedInteger<std::uint64_t, Order>;
  Word type, flags;
  Long offset, virtual_address, physical_address, file_size, memory_size, alignment;
};

template <std::endian Order, typename Address>
struct SectionHeader {
  using Word = BoxedInteger<std::uint32_t, Order>;
  using Location = BoxedInteger<Address, Order>;
  Word name, type;
  Location flags, address, offset, size;
  Word link, info;
  Location alignment, entry_size;
};

static_assert(sizeof(FileHeader<std::endian::little, std::uint32_t>) == 52);
static_assert(sizeof(FileHeader<std::endian::little, std::uint64_t>) == 64);
static_assert(sizeof(ProgramHeader<std::endian::little, std::uint32_t>) == 32);
static_assert(sizeof(ProgramHeader<std::endian::little, std::uint64_t>) == 56);
static_assert(sizeof(SectionHeader<std::endian::little, std::uint32_t>) == 40);
static_assert(sizeof(SectionHeader<std::endian::little, std::uint64_t>) == 64);

}  // namespace trxkit::kernel::wire
