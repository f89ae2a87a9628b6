// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The initramfs as one more PT_LOAD behind everything that the kernel occupies. rd_start= and
// rd_size= in arcs_cmdline tell the kernel about it (linux arch/mips/kernel/setup.c): the boot
// loader would fill that, but behind kexec none does.
#include <algorithm>

#include "lib/core/units.h"
#include "lib/kernel/elf_wire.h"
#include "lib/kernel/embed_command_line.h"
#include "lib/kernel/embed_plan.h"
#include "lib/kernel/initramfs.h"
#include "lib/kernel/scan.h"

namespace trxkit::kernel {
namespace {

using Header = wire::FileHeader<std::endian::little, std::uint32_t>;
using Program = wire::ProgramHeader<std::endian::little, std::uint32_t>;

constexpr std::uint64_t kPage = 4096;
/// The kernel wants rd_start at one of its own pages, which may be up to 64 KiB large (linux
/// arch/mips/kernel/setup.c, init_initrd()).
constexpr std::uint64_t kAddressAlignment = 64 * 1024;
constexpr std::uint64_t kPhysicalMask = 0x1fffffff;  // KSEG0 to physical
constexpr std::uint64_t kKseg0 = 0x80000000;

template <WireStruct T>
std::vector<std::byte> bytes_of(const T& value) {
  Bytes bytes = as_bytes(value);
  return {bytes.begin(), bytes.end()};
}

class SegmentPlan {
 public:
  explicit SegmentPlan(const EmbedInputs& inputs)
      : in_(inputs), kernel_(inputs.kernel), elf_(inputs.elf) {}

  Result<EmbedPlan> make() {
    TRY(check_kernel_takes_it());
    TRY(place());
    TRY(fill_command_line());
    TRY(add_program_header());
    TRY(add_findings());
    plan_.appendix = std::move(appendix_);
    plan_.result.elf = std::move(elf_);
    return std::move(plan_);
  }

 private:
  Status check_kernel_takes_it() {
    if (!TRY(contains_text(kernel_, elf_, "rd_start"))) {
      return refuse_kernel(elf_,
                           "does not know rd_start, so it cannot take an initramfs from outside",
                           "build it with CONFIG_BLK_DEV_INITRD=y");
    }
    std::string option(option_for(in_.packing));
    if (in_.config == nullptr || option.empty() || in_.config->built_in(option)) return {};
    return refuse_kernel(
        elf_, fmt::format("cannot unpack an initramfs packed with {}", name_of(in_.packing)),
        fmt::format("build it with CONFIG_{}=y, or pack the initramfs otherwise", option));
  }

  /// Behind everything the kernel occupies, bss included.
  Status place() {
    std::uint64_t end = elf_.load_end();
    if (elf_.load_start() < kKseg0 || end > kKseg0 + kPhysicalMask) {
      return refuse_kernel(elf_,
                           "loads outside of KSEG0, where a kernel for this machine has to be",
                           "look at readelf -l");
    }
    auto symbol = elf_.symbols.find("_end");
    if (symbol) end = std::max(end, std::min(symbol->address, kKseg0 + kPhysicalMask));
    address_ = align_up(end, kAddressAlignment);
    appendix_ = {.offset = align_up(kernel_.size(), kPage),
                 .padded_size = align_up(in_.initramfs.size(), kPage)};
    std::uint64_t physical_end = (address_ & kPhysicalMask) + appendix_.padded_size;
    if (physical_end > in_.request.ram_size) {
      return advise(
          fail_at({.file = in_.initramfs.name()}, Code::does_not_fit,
                  "kernel and initramfs end at {}, {} beyond the RAM of {}",
                  human_size(physical_end), human_size(physical_end - in_.request.ram_size),
                  human_size(in_.request.ram_size)),
          "leave modules or programs out of the initramfs");
    }
    if (appendix_.offset + appendix_.padded_size > std::uint64_t{0x7fffffff}) {
      return fail_at({.file = elf_.name}, Code::does_not_fit, "would become larger than 2 GiB");
    }
    plan_.result.initramfs_address = address_;
    plan_.result.initramfs_size = in_.initramfs.size();
    return {};
  }

  Status fill_command_line() {
    std::string text = fmt::format("rd_start={:#x} rd_size={:#x}", address_, in_.initramfs.size());
    if (!in_.request.command_line.empty()) text += " " + in_.request.command_line;
    plan_.patches.push_back(TRY(plan_command_line(kernel_, elf_, text)));
    plan_.result.command_line = std::move(text);
    return {};
  }

  /// A header that nothing needs at run time, best first; null where all are in use.
  Segment* spare_header() {
    for (std::uint32_t type : {wire::kSegmentNull, wire::kSegmentNote, wire::kSegmentMipsAbiFlags,
                               wire::kSegmentMipsRegisters, wire::kSegmentGnuStack}) {
      auto found = std::ranges::find(elf_.segments, type, &Segment::type);
      if (found != elf_.segments.end()) return &*found;
    }
    return nullptr;
  }

  Status add_program_header() {
    Program program;
    program.type = wire::kSegmentLoad;
    program.offset = static_cast<std::uint32_t>(appendix_.offset);
    program.virtual_address = static_cast<std::uint32_t>(address_);
    program.physical_address = program.virtual_address;
    program.file_size = static_cast<std::uint32_t>(appendix_.padded_size);
    program.memory_size = program.file_size;
    program.flags = wire::kFlagRead | wire::kFlagWrite;
    program.alignment = static_cast<std::uint32_t>(kPage);
    Segment* spare = spare_header();
    if (spare == nullptr) {
      TRY(move_table(program));
      spare = &elf_.segments.back();
    } else {
      plan_.patches.push_back({spare->header_offset, bytes_of(program)});
      plan_.result.report =
          fmt::format("as a PT_LOAD in place of program header {}", spare - elf_.segments.data());
    }
    *spare = segment_of(program, spare->header_offset);
    return {};
  }

  /// The table, one entry longer, at the end of the file: there is no room behind it in place.
  Status move_table(const Program& program) {
    Header header = TRY(kernel_.read_struct<Header>(0));
    appendix_.behind =
        TRY(kernel_.bytes_at(header.program_table, header.program_count * sizeof(Program)));
    std::ranges::copy(as_bytes(program), std::back_inserter(appendix_.behind));
    header.program_table = static_cast<std::uint32_t>(appendix_.offset + appendix_.padded_size);
    header.program_count = static_cast<std::uint16_t>(header.program_count + 1);
    plan_.patches.push_back({0, bytes_of(header)});
    elf_.segments.emplace_back();
    for (std::size_t i = 0; i < elf_.segments.size(); ++i) {
      elf_.segments[i].header_offset = header.program_table + i * sizeof(Program);
    }
    plan_.result.report = "as a PT_LOAD, the table of program headers moved to the end of the file";
    return {};
  }

  Status add_findings() {
    if (elf_.symbols.source == SymbolSource::kallsyms) {
      plan_.result.report += ", arcs_cmdline found by kallsyms";
      plan_.result.findings.add("ELF062", {.file = elf_.name},
                                "is stripped: arcs_cmdline was found by its kallsyms", {});
    }
    auto archive = TRY(find_initramfs(kernel_, elf_));
    if (!archive || !archive->holds("init")) return {};
    plan_.result.findings.add(
        "ELF060", {.file = elf_.name, .offset = archive->offset},
        fmt::format("its own initramfs of {} stays inside and is unpacked as well, first",
                    human_size(archive->size)),
        "build it without CONFIG_INITRAMFS_SOURCE to save the memory");
    return {};
  }

  const EmbedInputs& in_;
  const InputFile& kernel_;
  KernelElf elf_;
  EmbedPlan plan_;
  Appendix appendix_;
  std::uint64_t address_ = 0;
};

}  // namespace

Result<EmbedPlan> plan_segment(const EmbedInputs& inputs) {
  return SegmentPlan(inputs).make();
}

}  // namespace trxkit::kernel
