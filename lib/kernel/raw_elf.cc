// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/kernel/raw_elf.h"

#include <limits>

#include "lib/kernel/elf_wire.h"

namespace trxkit::kernel {
namespace {

using Header = wire::FileHeader<std::endian::little, std::uint32_t>;
using Program = wire::ProgramHeader<std::endian::little, std::uint32_t>;

constexpr std::uint64_t kCode = 4096;               // where the raw binary starts in the file
constexpr std::uint32_t kO32Mips32R2 = 0x70001000;  // e_flags: EF_MIPS_ARCH_32R2, E_MIPS_ABI_O32

Header file_header(std::uint32_t address) {
  Header header;
  header.identification = {0x7f, 'E', 'L', 'F', wire::kClass32, wire::kLittleEndian, 1};
  header.type = wire::kTypeExecutable;
  header.machine = wire::kMachineMips;
  header.version = 1;
  header.entry = address;
  header.program_table = sizeof(Header);
  header.flags = kO32Mips32R2;
  header.header_size = sizeof(Header);
  header.program_entry_size = sizeof(Program);
  header.program_count = 1;
  return header;
}

Program segment(std::uint32_t address, std::uint32_t size) {
  Program program;
  program.type = wire::kSegmentLoad;
  program.offset = static_cast<std::uint32_t>(kCode);
  program.virtual_address = address;
  program.physical_address = address;
  program.file_size = size;
  program.memory_size = size;
  program.flags = wire::kFlagRead | wire::kFlagWrite | wire::kFlagExecute;
  program.alignment = static_cast<std::uint32_t>(kCode);
  return program;
}

}  // namespace

Status write_raw_as_elf(const InputFile& raw, std::uint64_t address, OutputFile& output) {
  constexpr std::uint64_t kLimit = std::numeric_limits<std::uint32_t>::max();
  if (!range_inside(address, raw.size(), kLimit)) {
    return fail_at({raw.name(), {}}, Code::does_not_fit, "of {} bytes cannot run at {:#x}",
                   raw.size(), address);
  }
  auto place = static_cast<std::uint32_t>(address);
  TRY(output.write(as_bytes(file_header(place))));
  TRY(output.write(as_bytes(segment(place, static_cast<std::uint32_t>(raw.size())))));
  TRY(output.write_zeros(kCode - output.position()));
  return copy_file(raw, output);
}

}  // namespace trxkit::kernel
