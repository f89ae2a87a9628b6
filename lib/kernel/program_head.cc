// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/kernel/program_head.h"

#include "lib/kernel/elf_wire.h"

namespace trxkit::kernel {
namespace {

using Header = wire::FileHeader<std::endian::little, std::uint32_t>;
using Program = wire::ProgramHeader<std::endian::little, std::uint32_t>;

// binutils include/elf/mips.h: EF_MIPS_ARCH, E_MIPS_ARCH_32R6.
constexpr std::uint32_t kIsaMask = 0xf0000000;
constexpr std::uint32_t kIsaMips32R6 = 0x90000000;

/// Elf_Internal_ABIFlags_v0 of binutils include/elf/mips.h: the byte at 7 is the FP ABI, 0 where
/// the code uses none at all, 3 where it is soft-float.
std::optional<bool> uses_registers(Bytes flags) {
  constexpr std::size_t kPlace = 7;
  if (flags.size() <= kPlace) return std::nullopt;
  auto abi = std::to_integer<unsigned>(flags[kPlace]);
  return abi != 0 && abi != 3;
}

void read_segments(const ByteReader& reader, const Header& header, ProgramHead& program) {
  for (std::uint64_t i = 0; i < header.program_count; ++i) {
    auto segment = reader.read_at<Program>(header.program_table + i * sizeof(Program));
    if (!segment) return;
    auto contents = reader.bytes_at(segment->offset, segment->file_size);
    if (!contents) continue;
    if (segment->type == wire::kSegmentInterpreter) {
      std::string_view text = as_text(*contents);
      program.interpreter = text.substr(0, text.find('\0'));
    }
    if (segment->type == wire::kSegmentMipsAbiFlags) program.hard_float = uses_registers(*contents);
  }
}

}  // namespace

bool ProgramHead::for_mipsel() const {
  return elf_class == wire::kClass32 && data == wire::kLittleEndian &&
         machine == wire::kMachineMips && (flags & kIsaMask) < kIsaMips32R6;
}

std::optional<ProgramHead> read_program_head(Bytes head) {
  if (!as_text(head).starts_with("\x7f"
                                 "ELF")) {
    return std::nullopt;
  }
  ByteReader reader(head);
  auto header = reader.read_at<Header>(0);
  if (!header) return std::nullopt;
  ProgramHead program{.elf_class = header->identification[4], .data = header->identification[5]};
  bool readable = program.elf_class == wire::kClass32 && program.data == wire::kLittleEndian;
  if (!readable) return program;
  program.machine = header->machine;
  program.flags = header->flags;
  read_segments(reader, *header, program);
  return program;
}

}  // namespace trxkit::kernel
