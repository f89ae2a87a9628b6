// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The fields that trxtool fills in when it puts trxkit's loader in front of a kernel;
// loader/header.h is the same for the loader. Unpacked, part 1 is then stub (header in it) and
// LZMA-alone stream.
#pragma once

#include "lib/core/bytes.h"

namespace trxkit::trx {

/// Addresses in KSEG0 (0x80000000...), those of devices' registers physical; sizes in bytes.
struct LoaderHeader {
  le32 magic;           ///< kLoaderMagic
  le32 version;         ///< kLoaderVersion
  le32 uart_base;       ///< a 16550's first register
  le32 uart_spacing;    ///< between its registers
  le32 reset_register;  ///< 0: none known
  le32 reset_value;
  le32 count_rate;    ///< steps a second of the processor's Count register
  le32 console_crc;   ///< CRC-32 of all words before this one
  le32 stub_size;     ///< of the stub, header included: a multiple of 16; the payload follows
  le32 run_address;   ///< where stub and payload move to
  le32 run_end;       ///< top of the stack there
  le32 ram_size;      ///< that the board file promises
  le32 load_address;  ///< where the kernel goes
  le32 entry;         ///< where it starts
  le32 memory_size;   ///< that it occupies from load_address on, bss included
  le32 payload_size;  ///< of the LZMA stream with its header
  le32 payload_crc;
  le32 result_size;  ///< of the unpacked kernel
  le32 result_crc;
  le32 stub_crc;  ///< of the stub without this header
  le32 crc;       ///< CRC-32 of all words before this one
};
static_assert(sizeof(LoaderHeader) == 84);

inline constexpr std::uint32_t kLoaderMagic = 0x4c585254;  // "TRXL"
inline constexpr std::uint32_t kLoaderVersion = 1;
/// Bytes from the stub's first byte to its header.
inline constexpr std::uint64_t kLoaderHeaderOffset = 16;
/// No stub is larger (loader/loader.ld).
inline constexpr std::uint64_t kLargestStub = 8192;
/// What the stub needs behind its payload: checksum table, LZMA probabilities for lc + lp = 4,
/// stack (loader/main.c), and as much again for the stack.
inline constexpr std::uint64_t kLoaderWorkspace = 0x9800;

/// The values that `console_crc` and `crc` must have.
std::uint32_t console_crc_of(const LoaderHeader& header);
std::uint32_t crc_of(const LoaderHeader& header);
/// The value that `stub_crc` must have for a stub of these bytes, at least header and what is
/// before it.
std::uint32_t stub_crc_of(Bytes stub);

}  // namespace trxkit::trx
