// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/kernel/embed.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "lib/core/units.h"
#include "lib/kernel/command_line.h"
#include "lib/kernel/config.h"
#include "lib/kernel/elf_wire.h"
#include "lib/kernel/patched_copy.h"
#include "lib/kernel/scan.h"
#include "lib/kernel/unpack.h"

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

/// One embedding: finds out what has to change, then writes it.
class Embedding {
 public:
  Embedding(const InputFile& kernel, const KernelElf& elf, const InputFile& initramfs,
            const EmbedRequest& request)
      : kernel_(kernel), elf_(elf), initramfs_(initramfs), request_(request) {}

  Result<EmbedResult> plan() {
    TRY(check_kernel_kind());
    TRY(check_unpackable());
    TRY(place());
    TRY(fill_command_line());
    TRY(add_program_header());
    result_.elf = elf_;
    return result_;
  }

  Status write(OutputFile& output) {
    TRY(copy_patched(kernel_, patches_, output));
    TRY(output.write_zeros(data_offset_ - kernel_.size()));
    TRY(copy_file(initramfs_, output));
    TRY(output.write_zeros(padded_size() - initramfs_.size()));
    return output.write(moved_table_);
  }

 private:
  std::unexpected<Error> refuse(std::string what, std::string hint) const {
    return advise(fail_at({.file = elf_.name}, Code::bad_input, "{}", what), std::move(hint));
  }

  std::uint64_t padded_size() const { return align_up(initramfs_.size(), kPage); }

  Status check_kernel_kind() {
    if (elf_.elf_class != wire::kClass32 || elf_.data != wire::kLittleEndian ||
        elf_.machine != wire::kMachineMips) {
      return refuse("is not a 32-bit little-endian MIPS kernel", "build it for mipsel");
    }
    if (elf_.loads().empty()) {
      return refuse("has nothing to load (no PT_LOAD)", "give the linked vmlinux");
    }
    auto config = TRY(read_config(kernel_, elf_));
    if (config && config->built_in("CMDLINE_OVERRIDE")) {
      return refuse("ignores every command line but its own (CMDLINE_OVERRIDE=y)",
                    "build it without CONFIG_CMDLINE_OVERRIDE");
    }
    if (!TRY(contains_text(kernel_, elf_, "rd_start"))) {
      return refuse("does not know rd_start, so it cannot take an initramfs from outside",
                    "build it with CONFIG_BLK_DEV_INITRD=y");
    }
    config_ = std::move(config);
    return {};
  }

  Status check_unpackable() {
    auto head = TRY(initramfs_.bytes_at(0, 8));
    auto packing = packing_of(head);
    if (!packing) {
      return advise(fail_at({.file = initramfs_.name(), .offset = 0}, Code::bad_input,
                            "is neither a newc cpio nor packed in a way that kernels know"),
                    "pack the tree with cpio -H newc");
    }
    std::string_view refusal = refusal_of_kernels(head, *packing);
    if (!refusal.empty()) {
      return advise(
          fail_at({.file = initramfs_.name(), .offset = 0}, Code::bad_input, "{}", refusal),
          "pack it with xz --check=crc32");
    }
    std::string option(option_for(*packing));
    if (config_ && !option.empty() && !config_->built_in(option)) {
      return refuse(
          fmt::format("cannot unpack an initramfs packed with {}", name_of(*packing)),
          fmt::format("build it with CONFIG_{}=y, or pack the initramfs otherwise", option));
    }
    return {};
  }

  /// Behind everything the kernel occupies, bss included.
  Status place() {
    std::uint64_t end = elf_.load_end();
    if (elf_.load_start() < kKseg0 || end > kKseg0 + kPhysicalMask) {
      return refuse("loads outside of KSEG0, where a kernel for this machine has to be",
                    "look at readelf -l");
    }
    auto symbol = elf_.symbols.find("_end");
    if (symbol) end = std::max(end, std::min(symbol->address, kKseg0 + kPhysicalMask));
    address_ = align_up(end, kAddressAlignment);
    std::uint64_t physical_end = (address_ & kPhysicalMask) + padded_size();
    if (physical_end > request_.ram_size) {
      return advise(fail_at({.file = initramfs_.name()}, Code::does_not_fit,
                            "kernel and initramfs end at {}, {} beyond the RAM of {}",
                            human_size(physical_end), human_size(physical_end - request_.ram_size),
                            human_size(request_.ram_size)),
                    "leave modules or programs out of the initramfs");
    }
    data_offset_ = align_up(kernel_.size(), kPage);
    result_.initramfs_address = address_;
    result_.initramfs_size = initramfs_.size();
    return {};
  }

  Status fill_command_line() {
    constexpr std::string_view kCure =
        "give the vmlinux of the kernel's build folder, not a stripped copy, or build the "
        "initramfs in with CONFIG_INITRAMFS_SOURCE";
    auto symbol = elf_.symbols.find("arcs_cmdline");
    if (!symbol) return refuse("has no symbol arcs_cmdline", std::string(kCure));
    auto offset = elf_.file_offset(symbol->address, symbol->size);
    if (symbol->size == 0 || !offset) {
      return refuse("has its arcs_cmdline outside of the file", std::string(kCure));
    }
    auto present = TRY(embedded_command_line(kernel_, elf_));
    if (present && !present->empty()) {
      return refuse("already carries a command line: " + *present,
                    "start from the kernel as the linker left it");
    }
    std::string text = fmt::format("rd_start={:#x} rd_size={:#x}", address_, initramfs_.size());
    if (!request_.command_line.empty()) text += " " + request_.command_line;
    if (text.size() >= symbol->size) {
      return advise(fail_at({.file = elf_.name, .offset = *offset}, Code::does_not_fit,
                            "the command line has {} bytes, {} more than the kernel has room for",
                            text.size(), text.size() - symbol->size + 1),
                    "shorten --cmdline");
    }
    Patch patch{*offset, std::vector<std::byte>(symbol->size)};
    std::ranges::copy(as_bytes(std::string_view(text)), patch.bytes.begin());
    patches_.push_back(std::move(patch));
    result_.command_line = std::move(text);
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
    program.offset = static_cast<std::uint32_t>(data_offset_);
    program.virtual_address = static_cast<std::uint32_t>(address_);
    program.physical_address = program.virtual_address;
    program.file_size = static_cast<std::uint32_t>(padded_size());
    program.memory_size = program.file_size;
    program.flags = wire::kFlagRead | wire::kFlagWrite;
    program.alignment = static_cast<std::uint32_t>(kPage);
    if (data_offset_ + padded_size() > std::uint64_t{0x7fffffff}) {
      return fail_at({.file = elf_.name}, Code::does_not_fit, "would become larger than 2 GiB");
    }
    Segment* spare = spare_header();
    if (spare == nullptr) {
      TRY(move_table(program));
      elf_.segments.emplace_back();
      spare = &elf_.segments.back();
      spare->header_offset =
          data_offset_ + padded_size() + (elf_.segments.size() - 1) * sizeof(Program);
    } else {
      patches_.push_back({spare->header_offset, bytes_of(program)});
      result_.way =
          fmt::format("as a PT_LOAD in place of program header {}", spare - elf_.segments.data());
    }
    *spare = {.type = program.type,
              .flags = program.flags,
              .offset = program.offset,
              .file_size = program.file_size,
              .virtual_address = program.virtual_address,
              .physical_address = program.physical_address,
              .memory_size = program.memory_size,
              .header_offset = spare->header_offset};
    return {};
  }

  /// The table, one entry longer, at the end of the file: there is no room behind it in place.
  Status move_table(const Program& program) {
    Header header = TRY(kernel_.read_struct<Header>(0));
    moved_table_ =
        TRY(kernel_.bytes_at(header.program_table, header.program_count * sizeof(Program)));
    std::ranges::copy(as_bytes(program), std::back_inserter(moved_table_));
    header.program_table = static_cast<std::uint32_t>(data_offset_ + padded_size());
    header.program_count = static_cast<std::uint16_t>(header.program_count + 1);
    patches_.push_back({0, bytes_of(header)});
    for (std::size_t i = 0; i < elf_.segments.size(); ++i) {
      elf_.segments[i].header_offset = header.program_table + i * sizeof(Program);
    }
    result_.way = "as a PT_LOAD, the table of program headers moved to the end of the file";
    return {};
  }

  const InputFile& kernel_;
  KernelElf elf_;
  const InputFile& initramfs_;
  const EmbedRequest& request_;
  std::optional<KernelConfig> config_;
  EmbedResult result_;
  std::uint64_t address_ = 0;
  std::uint64_t data_offset_ = 0;  ///< of the initramfs in the output
  std::vector<Patch> patches_;
  std::vector<std::byte> moved_table_;
};

}  // namespace

Result<EmbedResult> embed_initramfs(const InputFile& kernel, const KernelElf& elf,
                                    const InputFile& initramfs, const EmbedRequest& request,
                                    OutputFile& output) {
  Embedding embedding(kernel, elf, initramfs, request);
  EmbedResult result = TRY(embedding.plan());
  TRY(embedding.write(output));
  return result;
}

}  // namespace trxkit::kernel
