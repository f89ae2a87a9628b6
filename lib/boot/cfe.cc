// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Sources: Broadcom's CFE as ASUS published it (asuswrt-merlin release/src-rt-6.x/cfe/cfe):
// ui/ui_loadcmds.c (boot and its options), main/cfe_ldr_elf.c (segments in the order of the file),
// net/net_tftp.c (seeks forward only).
#include "lib/boot/cfe.h"

#include <algorithm>
#include <filesystem>

#include "lib/core/units.h"
#include "lib/kernel/command_line.h"
#include "lib/kernel/elf_wire.h"

namespace trxkit::boot {
namespace {

using kernel::Segment;

constexpr std::uint64_t kProgramHeaderSize =
    sizeof(kernel::wire::ProgramHeader<std::endian::little, std::uint32_t>);

class CfePlanner {
 public:
  CfePlanner(const board::Board& board, const std::string& path, KernelCheckResult& checked)
      : board_(board), path_(path), elf_(*checked.elf), checked_(checked) {}

  CfePlan plan() {
    plan_.load_start = elf_.load_start();
    plan_.load_end = elf_.load_end();
    choose_names();
    judge_place();
    judge_initramfs();
    judge_stream();
    if (!checked_.findings.passed()) return std::move(plan_);
    plan_.commands = {{fmt::format("ifconfig eth0 -addr={} -mask=255.255.255.0", plan_.router),
                       "CFE's own address, where \"ifconfig\" shows none"},
                      {fmt::format("boot -elf -tftp {}:{}", plan_.server, plan_.file),
                       "loads the kernel into RAM and starts it; the flash is not touched"}};
    add("STK060", {},
        "the commands are from CFE's published sources; nobody has recorded them on this router",
        "\"help boot\" at the prompt lists what this CFE knows");
    return std::move(plan_);
  }

 private:
  void add(FindingId id, std::optional<std::uint64_t> offset, std::string message,
           std::string hint) {
    checked_.findings.add(id, {.file = elf_.name, .offset = offset}, std::move(message),
                          std::move(hint));
  }

  /// The server is the router's neighbour; a name that the prompt would split is replaced.
  void choose_names() {
    constexpr std::string_view kPlain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    const std::string& own = board_.boot_loader.recovery_address;
    plan_.router = own.empty() ? "192.168.1.1" : own;
    std::string network = plan_.router.substr(0, plan_.router.rfind('.') + 1);
    plan_.server = network + (plan_.router == network + "2" ? "3" : "2");
    plan_.file = std::filesystem::path(path_).filename().string();
    bool plain = plan_.file.find_first_not_of(kPlain) == std::string::npos;
    if (plan_.file.empty() || plan_.file.starts_with('-') || !plain) plan_.file = "vmlinux.elf";
  }

  void judge_place() {
    std::uint64_t base = *board_.boot_loader.base;
    if (plan_.load_end <= base) return;
    add("ELF016", {},
        fmt::format("reaches up to {:#x} in memory, over by {} byte{}: the boot loader is at {:#x} "
                    "and would overwrite itself",
                    plan_.load_end, plan_.load_end - base, plural(plan_.load_end - base), base),
        "make the initramfs smaller: modules or programs less; or start it by kexec from a stick");
  }

  void judge_initramfs() {
    if (!checked_.facts) return;
    const auto& initramfs = checked_.facts->initramfs;
    std::string line = checked_.facts->command_line.value_or("");
    std::string init = kernel::parameter(line, "rdinit").value_or("/init");
    if (initramfs && initramfs->find(init) != nullptr) return;
    add("STK061", {}, fmt::format("has no initramfs with {}: CFE passes none to a kernel", init),
        "take boot/NAME/vmlinux.elf of a stick that mkbootusb made");
  }

  /// Program headers first, then the segments as they follow each other: CFE reads them so.
  void judge_stream() {
    if (checked_.findings.has("ELF050")) {
      add("STK062", {}, "is packed: CFE loads the ELF file itself", "unpack it, and serve that");
    }
    std::vector<Segment> loads = elf_.loads();
    std::ranges::sort(loads, {}, &Segment::offset);
    std::uint64_t read = 0;
    for (const Segment& segment : elf_.segments) {
      read = std::max(read, segment.header_offset + kProgramHeaderSize);
    }
    for (const Segment& segment : loads) {
      if (segment.file_size == 0) continue;
      if (segment.offset < read) {
        add("STK062", segment.offset,
            fmt::format("the segment at {:#x} of the file lies before what CFE has read by then "
                        "({:#x}), and TFTP does not go back",
                        segment.offset, read),
            "give the kernel as the linker left it to mkbootusb: it has room for the initramfs's "
            "header");
        return;
      }
      read = segment.offset + segment.file_size;
    }
  }

  const board::Board& board_;
  const std::string& path_;
  const kernel::KernelElf& elf_;
  KernelCheckResult& checked_;
  CfePlan plan_;
};

}  // namespace

CfePlan plan_cfe(const board::Board& board, const std::string& path, KernelCheckResult& checked) {
  return checked.elf ? CfePlanner(board, path, checked).plan() : CfePlan{};
}

}  // namespace trxkit::boot
