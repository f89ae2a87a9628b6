// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// For which processor a file was built, and whether it is a kernel by its kind.
#include "lib/kernel/check_parts.h"
#include "lib/kernel/elf_wire.h"

namespace trxkit::kernel {
namespace {

// e_flags of the MIPS supplement (binutils include/elf/mips.h).
constexpr std::uint32_t kAbi2 = 0x20;
constexpr std::uint32_t kAbiMask = 0xf000;
constexpr std::uint32_t kAbiO32 = 0x1000;
constexpr std::uint32_t kMicroMips = 0x02000000;
constexpr std::uint32_t kIsaMask = 0xf0000000;
constexpr std::uint32_t kIsaMips32 = 0x50000000;
constexpr std::uint32_t kIsaMips32R2 = 0x70000000;

class IdentityCheck {
 public:
  explicit IdentityCheck(const KernelElf& elf) : elf_(elf) {}

  Findings run() {
    check_processor();
    if (findings_.passed()) check_kind();
    return std::move(findings_);
  }

 private:
  void add(FindingId id, std::uint64_t offset, std::string message, std::string_view hint) {
    findings_.add(id, {.file = elf_.name, .offset = offset}, std::move(message), std::string(hint));
  }

  void check_processor() {
    constexpr std::string_view kBuild =
        "build it with ARCH=mips, CPU_LITTLE_ENDIAN=y and CPU_MIPS32_R1=y or _R2=y";
    if (elf_.elf_class != wire::kClass32) add("ELF001", 4, "is a 64-bit kernel", kBuild);
    if (elf_.data != wire::kLittleEndian) {
      add("ELF002", 5, "is a big-endian kernel; this processor runs little-endian", kBuild);
    }
    if (elf_.machine != wire::kMachineMips) {
      add("ELF003", 18,
          fmt::format("is built for another processor (ELF machine {})", elf_.machine), kBuild);
    }
  }

  void check_kind() {
    if (elf_.type != wire::kTypeExecutable) {
      add("ELF004", 16, fmt::format("is no linked executable (ELF type {})", elf_.type),
          "give the vmlinux of the kernel's build folder, not vmlinux.o or a module");
    }
    std::uint32_t isa = elf_.flags & kIsaMask;
    std::uint32_t abi = elf_.flags & kAbiMask;
    bool known_isa = isa == kIsaMips32 || isa == kIsaMips32R2;
    bool known_abi = (abi == kAbiO32 || abi == 0) && (elf_.flags & kAbi2) == 0;
    if (!known_isa || !known_abi || (elf_.flags & kMicroMips) != 0) {
      add("ELF005", 36,
          fmt::format("its ELF flags {:#010x} do not say o32 and MIPS32 R1 or R2", elf_.flags),
          "build it with CPU_MIPS32_R1=y or CPU_MIPS32_R2=y");
    }
    for (const Segment& segment : elf_.segments) {
      if (segment.type != wire::kSegmentInterpreter && segment.type != wire::kSegmentDynamic) {
        continue;
      }
      add("ELF006", segment.header_offset, "is a dynamically linked program, not a kernel",
          "give the vmlinux of the kernel's build folder");
      break;
    }
  }

  const KernelElf& elf_;
  Findings findings_;
};

}  // namespace

Findings check_identity(const KernelElf& elf) {
  return IdentityCheck(elf).run();
}

}  // namespace trxkit::kernel
