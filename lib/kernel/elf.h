// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// A kernel as an ELF file: what it loads where. Parsed faithfully with own range
// checks; judged elsewhere.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lib/core/finding.h"
#include "lib/kernel/symbols.h"
#include "lib/system/file.h"

namespace trxkit::kernel {

struct Segment {
  std::uint32_t type = 0;  ///< PT_LOAD and others
  std::uint32_t flags = 0;
  std::uint64_t offset = 0;     ///< bytes from the start of the file
  std::uint64_t file_size = 0;  ///< bytes
  std::uint64_t virtual_address = 0;
  std::uint64_t physical_address = 0;
  std::uint64_t memory_size = 0;    ///< bytes
  std::uint64_t header_offset = 0;  ///< of the program header itself
};

/// The segment that `program` (of elf_wire.h, in any order and size) describes; `header_offset` is
/// that of `program` itself, bytes from the start of the file.
template <typename ProgramHeader>
Segment segment_of(const ProgramHeader& program, std::uint64_t header_offset) {
  return {.type = program.type,
          .flags = program.flags,
          .offset = program.offset,
          .file_size = program.file_size,
          .virtual_address = program.virtual_address,
          .physical_address = program.physical_address,
          .memory_size = program.memory_size,
          .header_offset = header_offset};
}

struct KernelElf {
  std::string name;  ///< file, for messages
  std::uint8_t elf_class = 0;
  std::uint8_t data = 0;
  std::uint16_t machine = 0;
  std::uint16_t type = 0;
  std::uint32_t flags = 0;
  std::uint64_t entry = 0;
  std::vector<Segment> segments;  ///< all program headers, in file order
  std::uint64_t file_size = 0;    ///< bytes
  std::uint64_t file_end = 0;     ///< where the last of headers, segments and sections ends
  bool has_symbol_table = false;  ///< not stripped
  KernelSymbols symbols = {};

  std::uint64_t load_start() const;  ///< lowest physical address of a PT_LOAD; 0 without one
  std::uint64_t load_end() const;    ///< end of the highest, bss included; 0 without one
  /// The PT_LOADs that occupy memory, in file order.
  std::vector<Segment> loads() const;
  /// The same by physical address; equal addresses stay in file order.
  std::vector<Segment> loads_by_address() const;
  /// Where the `size` bytes at the virtual `address` lie in the file, or nothing where not all of
  /// them are in one PT_LOAD's file part.
  std::optional<std::uint64_t> file_offset(std::uint64_t address, std::uint64_t size) const;
};

/// Reads the headers and the symbols that matter. Errors: Code::bad_input where it is no ELF32/64
/// file (ELF048 where it is another format that is known, which the message names), where headers,
/// segments or sections lie outside it (ELF046: libelf alone takes a truncated file without a
/// word), or the header makes no sense (ELF047).
Result<KernelElf> read_kernel(const InputFile& file);

/// "Linux version 6.1.0 ..." as the kernel prints it (linux init/version.c), without the newline
/// at its end, or empty where there is none.
Result<std::string> find_banner(const InputFile& file, const KernelElf& elf);

}  // namespace trxkit::kernel
