// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// trxkit's own loader as loader/ builds it: one block of code linked at a multiple of 64 KiB, with
// its relocations kept. Here it moves to another multiple of 64 KiB.
#pragma once

#include <vector>

#include "lib/system/file.h"
#include "lib/trx/loader_header.h"

namespace trxkit::firmware {

/// The stub runs at multiples of this: then a move changes only upper halves of addresses.
inline constexpr std::uint64_t kStubAlignment = 0x10000;

/// A place in the stub that depends on where it runs (ELF for MIPS: r_offset and the type).
struct StubRelocation {
  std::uint32_t place = 0;  ///< bytes from the stub's first byte; a word lies there
  std::uint8_t type = 0;
};

struct LoaderStub {
  std::string name;              ///< file, for messages
  std::vector<std::byte> bytes;  ///< the stub at `base`, its header empty but for the magic
  std::uint32_t base = 0;        ///< KSEG0
  std::vector<StubRelocation> relocations;
};

/// Whether `file` is an ELF file with the loader's magic. Errors: Code::io.
Result<bool> is_loader_stub(const InputFile& file);

/// Reads loader.elf. Errors: Code::bad_input where it is no loader of kLoaderVersion, was linked
/// elsewhere than at a multiple of 64 KiB, has more relocations than words, or needs relocations
/// that a move would not keep right.
Result<LoaderStub> read_loader_stub(const InputFile& file);

/// The stub's bytes for `address`, a multiple of 64 KiB in KSEG0.
std::vector<std::byte> relocate(const LoaderStub& stub, std::uint32_t address);

}  // namespace trxkit::firmware
