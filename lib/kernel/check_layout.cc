// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include <algorithm>

#include "lib/core/units.h"
#include "lib/kernel/check_parts.h"
#include "lib/kernel/elf_wire.h"

namespace trxkit::kernel {
namespace {

constexpr std::uint64_t kKseg0 = 0x80000000;
constexpr std::uint64_t kKseg0End = 0xa0000000;
constexpr std::uint64_t kPage = 4096;
constexpr std::uint64_t kMebibyte = 1 << 20;
constexpr std::uint64_t kSmallRam = 32 * kMebibyte;
/// KEXEC_SEGMENT_MAX of linux include/uapi/linux/kexec.h.
constexpr std::size_t kKexecSegments = 16;
/// Pages that kexec-tools adds on MIPS: the command line and the device tree.
constexpr std::size_t kKexecOwnPages = 2;

constexpr std::string_view kReadelf = "look at the program headers with readelf -l";

class LayoutCheck {
 public:
  LayoutCheck(const KernelElf& elf, const board::Board& board, Role role)
      : elf_(elf), board_(board), role_(role), loads_(elf.loads()) {}

  Findings run() {
    findings_ = check_identity(elf_);
    bool foreign = findings_.has("ELF001") || findings_.has("ELF002") || findings_.has("ELF003");
    if (foreign) return std::move(findings_);
    if (loads_.empty()) {
      add("ELF007", {}, "has no segment to load", "give the linked vmlinux");
      return std::move(findings_);
    }
    if (!worth_reading(elf_)) {
      add("ELF012", {}, fmt::format("has {} segments, more than any kernel", loads_.size()),
          kReadelf);
      return std::move(findings_);
    }
    for (const Segment& segment : loads_) check_segment(segment);
    check_overlaps();
    check_entry();
    check_end();
    if (role_ == Role::flash) {
      check_start_from_flash();
    } else {
      check_kexec();
    }
    return std::move(findings_);
  }

 private:
  void add(FindingId id, std::optional<std::uint64_t> offset, std::string message,
           std::string_view hint = {}) {
    findings_.add(id, {.file = elf_.name, .offset = offset}, std::move(message), std::string(hint));
  }

  void check_segment(const Segment& segment) {
    std::uint64_t start = segment.physical_address;
    std::uint64_t end = start + std::max(segment.memory_size, segment.file_size);
    if (segment.file_size > segment.memory_size) {
      add("ELF027", segment.header_offset,
          fmt::format("the segment at {:#x} has {:#x} bytes in the file but {:#x} in memory", start,
                      segment.file_size, segment.memory_size),
          kReadelf);
    }
    if (segment.virtual_address != start) {
      add("ELF051", segment.header_offset,
          fmt::format("the segment for {:#x} is loaded to {:#x}; kernels run where they are loaded",
                      segment.virtual_address, start),
          kReadelf);
    }
    if (start < kKseg0 || end > kKseg0End) {
      add("ELF008", segment.header_offset,
          fmt::format("the segment {:#x}-{:#x} lies outside of KSEG0 (0x80000000-0x9fffffff)",
                      start, end),
          "the linker has added it, or the kernel is for another machine; " +
              std::string(kReadelf));
    } else if (end - kKseg0 > *board_.ram_size) {
      add("ELF009", segment.header_offset,
          fmt::format("the segment {:#x}-{:#x} reaches {} past the RAM of {} ({})", start, end,
                      human_size(end - kKseg0 - *board_.ram_size), board_.name,
                      human_size(*board_.ram_size)),
          "make kernel or initramfs smaller");
    }
    if (role_ != Role::flash && start % kPage != 0) {
      add("ELF011", segment.header_offset,
          fmt::format("the segment at {:#x} does not start at a page boundary; kexec refuses it",
                      start),
          kReadelf);
    }
  }

  void check_overlaps() {
    auto sorted = elf_.loads_by_address();
    for (std::size_t i = 1; i < sorted.size(); ++i) {
      const Segment& last = sorted[i - 1];
      if (last.physical_address + last.memory_size <= sorted[i].physical_address) continue;
      add("ELF010", sorted[i].header_offset,
          fmt::format("the segment at {:#x} overlaps the one at {:#x}-{:#x}",
                      sorted[i].physical_address, last.physical_address,
                      last.physical_address + last.memory_size),
          kReadelf);
    }
  }

  void check_entry() {
    bool inside = std::ranges::any_of(loads_, [&](const Segment& segment) {
      return (segment.flags & wire::kFlagExecute) != 0 && elf_.entry >= segment.virtual_address &&
             elf_.entry - segment.virtual_address < segment.file_size;
    });
    if (inside) return;
    add("ELF013", 24, fmt::format("the entry point {:#x} is in no executable segment", elf_.entry),
        kReadelf);
  }

  void check_end() {
    if (elf_.file_end == elf_.file_size) return;
    std::uint64_t extra = elf_.file_size - elf_.file_end;
    add("ELF045", elf_.file_end,
        fmt::format("{} byte{} follow the end of the ELF file and are not loaded", extra,
                    plural(extra)));
  }

  /// Limits of linux kernel/kexec_core.c, sanity_check_segment_list(): at most half of the RAM that
  /// the running kernel manages, which on these machines is about nine tenths of all.
  void check_kexec() {
    if (loads_.size() + kKexecOwnPages > kKexecSegments) {
      add("ELF012", {},
          fmt::format("has {} segments; kexec takes {}", loads_.size(),
                      kKexecSegments - kKexecOwnPages),
          kReadelf);
    }
    std::uint64_t size = kKexecOwnPages * kPage;
    for (const Segment& segment : loads_) size += align_up(segment.memory_size, kPage);
    std::uint64_t managed = *board_.ram_size / 10 * 9;
    // A load of 9.3 MiB was killed for want of memory on a machine with 32 MiB (frno7/linux issue
    // 92).
    std::uint64_t sensible = *board_.ram_size > kSmallRam ? *board_.ram_size / 4 : 5 * kMebibyte;
    if (size > managed / 2) {
      add("ELF014", {},
          fmt::format("takes {} in memory, {} more than the half of the RAM that kexec takes",
                      human_size(size), human_size(size - managed / 2)),
          "make the initramfs smaller: put the root file system on the stick");
    } else if (size > sensible) {
      add("ELF015", {},
          fmt::format("takes {} in memory, a lot for a router with {}", human_size(size),
                      human_size(*board_.ram_size)),
          "make the initramfs smaller: put the root file system on the stick");
    }
    if (elf_.load_start() != *board_.kernel.load_address) {
      add("ELF029", {},
          fmt::format("is linked at {:#x}; kernels of this machine usually are at {:#x}",
                      elf_.load_start(), *board_.kernel.load_address));
    }
    std::uint64_t base = *board_.boot_loader.base;
    if (role_ == Role::stick && base != 0 && elf_.load_end() <= base) {
      add("ELF017", {},
          fmt::format("ends at {:#x}, below the boot loader: it could be tried from RAM first",
                      elf_.load_end()));
    }
  }

  void check_start_from_flash() {
    if (elf_.load_start() != *board_.kernel.load_address) {
      add("ELF018", {},
          fmt::format("is linked at {:#x}, but kernels of this machine run at {:#x}",
                      elf_.load_start(), *board_.kernel.load_address),
          "build the kernel for this machine (CONFIG_BCM47XX and the like decide it)");
    }
    std::uint64_t base = *board_.boot_loader.base;
    std::uint64_t end = 0;
    for (const Segment& segment : loads_) {
      end = std::max(end, segment.physical_address + segment.file_size);
    }
    if (base == 0 || end <= base) return;
    add("ELF016", {},
        fmt::format("unpacks up to {:#x}, over by {} byte{}: the boot loader is at {:#x}", end,
                    end - base, plural(end - base), base),
        "make the kernel smaller, for example by building drivers as modules");
  }

  const KernelElf& elf_;
  const board::Board& board_;
  Role role_;
  std::vector<Segment> loads_;
  Findings findings_;
};

}  // namespace

Findings check_layout(const KernelElf& elf, const board::Board& board, Role role) {
  return LayoutCheck(elf, board, role).run();
}

}  // namespace trxkit::kernel
