// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/kernel/embed.h"

#include "lib/kernel/elf_wire.h"
#include "lib/kernel/embed_plan.h"
#include "lib/kernel/initramfs.h"

namespace trxkit::kernel {
namespace {

/// A kernel without an initramfs has a cpio of 512 bytes linked in (linux usr/default_cpio_list).
constexpr std::uint64_t kSmallestArchive = 1024;

constexpr std::string_view kCure =
    "give the unstripped vmlinux of the kernel's build folder; or build the kernel with "
    "CONFIG_KALLSYMS_ALL=y; or build an initramfs in (CONFIG_INITRAMFS_SOURCE) that is at least as "
    "large, to be replaced";

Status check_kernel_kind(const KernelElf& elf) {
  if (elf.elf_class != wire::kClass32 || elf.data != wire::kLittleEndian ||
      elf.machine != wire::kMachineMips) {
    return refuse_kernel(elf, "is not a 32-bit little-endian MIPS kernel", "build it for mipsel");
  }
  if (!elf.loads().empty()) return {};
  return refuse_kernel(elf, "has nothing to load (no PT_LOAD)", "give the linked vmlinux");
}

Result<Packing> packing_of_initramfs(const InputFile& initramfs) {
  auto head = TRY(initramfs.bytes_at(0, 8));
  auto packing = packing_of(head);
  if (!packing) {
    return advise(fail_at({.file = initramfs.name(), .offset = 0}, Code::bad_input,
                          "is neither a newc cpio nor packed in a way that kernels know"),
                  "pack the tree with cpio -H newc");
  }
  std::string_view refusal = refusal_of_kernels(head, *packing);
  if (refusal.empty()) return *packing;
  return advise(fail_at({.file = initramfs.name(), .offset = 0}, Code::bad_input, "{}", refusal),
                "pack it with xz --check=crc32");
}

/// Why arcs_cmdline is not known, for the message.
std::string obstacle_of(const KernelElf& elf) {
  if (!elf.symbols.fault.empty()) {
    return fmt::format("has a symbol table that cannot be read ({})", elf.symbols.fault);
  }
  switch (elf.symbols.source) {
    case SymbolSource::symbol_table:
      return elf.symbols.find("arcs_cmdline") ? "has its arcs_cmdline outside of the file"
                                              : "has no symbol arcs_cmdline";
    case SymbolSource::kallsyms:
      return "is stripped, and its kallsyms name functions only, not arcs_cmdline";
    case SymbolSource::none:
      break;
  }
  return "is stripped: nothing in it tells where arcs_cmdline is";
}

Status write(const EmbedPlan& plan, const EmbedInputs& inputs, OutputFile& output) {
  TRY(copy_patched(inputs.kernel, plan.patches, output));
  if (!plan.appendix) return {};
  TRY(output.write_zeros(plan.appendix->offset - inputs.kernel.size()));
  TRY(copy_file(inputs.initramfs, output));
  TRY(output.write_zeros(plan.appendix->padded_size - inputs.initramfs.size()));
  return output.write(plan.appendix->behind);
}

}  // namespace

std::unexpected<Error> refuse_kernel(const KernelElf& elf, std::string_view what,
                                     std::string hint) {
  return advise(fail_at({.file = elf.name}, Code::bad_input, "{}", what), std::move(hint));
}

Result<EmbedChoice> choose_way(const InputFile& kernel, const KernelElf& elf,
                               const KernelConfig* config) {
  auto symbol = elf.symbols.find("arcs_cmdline");
  bool in_file = symbol && symbol->size != 0 && elf.file_offset(symbol->address, symbol->size);
  bool ignores = config != nullptr && config->built_in("CMDLINE_OVERRIDE");
  if (in_file && !ignores) return EmbedChoice{.way = EmbedWay::segment};
  auto archive = TRY(find_initramfs(kernel, elf));
  bool replaceable = archive && archive->built_in && archive->fault.empty();
  if (replaceable && archive->size >= kSmallestArchive) {
    return EmbedChoice{.way = EmbedWay::splice};
  }
  if (in_file) {
    return EmbedChoice{.obstacle = "ignores every command line but its own (CMDLINE_OVERRIDE=y)",
                       .cure = "build it without CONFIG_CMDLINE_OVERRIDE"};
  }
  return EmbedChoice{.obstacle = obstacle_of(elf), .cure = std::string(kCure)};
}

Result<EmbedResult> embed_initramfs(const InputFile& kernel, const KernelElf& elf,
                                    const InputFile& initramfs, const EmbedRequest& request,
                                    OutputFile& output) {
  TRY(check_kernel_kind(elf));
  auto config = TRY(read_config(kernel, elf));
  EmbedInputs inputs{.kernel = kernel,
                     .elf = elf,
                     .initramfs = initramfs,
                     .packing = TRY(packing_of_initramfs(initramfs)),
                     .config = config ? &*config : nullptr,
                     .request = request};
  EmbedChoice choice = TRY(choose_way(kernel, elf, inputs.config));
  if (choice.way == EmbedWay::none) return refuse_kernel(elf, choice.obstacle, choice.cure);
  EmbedPlan plan =
      TRY(choice.way == EmbedWay::segment ? plan_segment(inputs) : plan_splice(inputs));
  plan.result.way = choice.way;
  TRY(write(plan, inputs, output));
  return std::move(plan.result);
}

}  // namespace trxkit::kernel
