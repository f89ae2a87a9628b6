// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/rootfs/program.h"

#include <algorithm>

#include <elf.h>

#include "lib/kernel/elf.h"

namespace trxkit::rootfs {
namespace {

// binutils include/elf/mips.h: EF_MIPS_ARCH_32R6, EF_MIPS_ARCH_64R6.
constexpr std::uint32_t kMips32Release6 = 0x90000000;

std::unexpected<Error> wrong(const std::string& path, std::string_view what,
                             std::string_view hint) {
  return advise(fail_at({path, {}}, Code::bad_input, "{}", what), std::string(hint));
}

}  // namespace

Status check_static_program(const std::string& path, const Env& env) {
  constexpr std::string_view kPackage = "Debian's mipsel packages have such programs";
  InputFile file = TRY(InputFile::open(path, env));
  if (!as_text(TRY(file.bytes_at(0, SELFMAG))).starts_with(ELFMAG)) {
    return wrong(path, "is no program (no ELF file)", kPackage);
  }
  kernel::KernelElf elf = TRY(kernel::read_kernel(file));
  if (elf.machine != EM_MIPS || elf.elf_class != ELFCLASS32) {
    return wrong(path, "is no program for 32-bit MIPS", kPackage);
  }
  if (elf.data != ELFDATA2LSB) return wrong(path, "is for big-endian MIPS", kPackage);
  if ((elf.flags & EF_MIPS_ARCH) >= kMips32Release6) {
    return wrong(path, "is for MIPS release 6, which the router's processor is not", kPackage);
  }
  auto interpreter = [](const kernel::Segment& segment) { return segment.type == PT_INTERP; };
  if (std::ranges::any_of(elf.segments, interpreter)) {
    return wrong(path, "needs shared libraries, and the root has none",
                 "use a static one, such as that of the package busybox-static");
  }
  return {};
}

Status add_static_program(archive::MemoryTree& tree, const std::string& place,
                          const std::string& program, const Env& env) {
  TRY(check_static_program(program, env));
  return tree.add_file(place, program, 0755, env);
}

}  // namespace trxkit::rootfs
