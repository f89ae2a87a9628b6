// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/kernel/embed_command_line.h"

#include <algorithm>

#include "lib/kernel/command_line.h"
#include "lib/kernel/elf_wire.h"
#include "lib/kernel/embed_plan.h"

namespace trxkit::kernel {
namespace {

using Header = wire::FileHeader<std::endian::little, std::uint32_t>;

/// COMMAND_LINE_SIZE of linux arch/mips/include/uapi/asm/setup.h.
constexpr std::uint64_t kLongestCommandLine = 4096;
constexpr std::string_view kFreshKernel = "start from the kernel as the linker left it";

/// kallsyms tells where the next symbol starts, not how large this one is: only zeros, which the
/// array is full of, are overwritten.
Status check_empty(const InputFile& kernel, const KernelElf& elf, std::uint64_t offset,
                   std::uint64_t size) {
  auto present = TRY(kernel.bytes_at(offset, size));
  if (std::ranges::all_of(present, [](std::byte byte) { return byte == std::byte{0}; })) return {};
  return refuse_kernel(elf, "has other data where the command line would be",
                       std::string(kFreshKernel));
}

/// The header of a file that ends with its last segment.
Result<Patch> header_without_sections(const InputFile& kernel) {
  auto header = TRY(kernel.read_struct<Header>(0));
  header.section_table = 0;
  header.section_count = 0;
  header.section_names = 0;
  Bytes bytes = as_bytes(header);
  return Patch{0, {bytes.begin(), bytes.end()}};
}

std::uint64_t end_of_segments(const KernelElf& elf) {
  std::uint64_t end = sizeof(Header);
  for (const Segment& segment : elf.segments) {
    end = std::max(end, segment.offset + segment.file_size);
    end = std::max(end, segment.header_offset +
                            sizeof(wire::ProgramHeader<std::endian::little, std::uint32_t>));
  }
  return end;
}

}  // namespace

Result<Patch> plan_command_line(const InputFile& kernel, const KernelElf& elf,
                                const std::string& text) {
  Symbol symbol = elf.symbols.find("arcs_cmdline").value_or(Symbol{});
  std::uint64_t room = std::min(symbol.size, kLongestCommandLine);
  auto offset = elf.file_offset(symbol.address, room);
  if (room == 0 || !offset) {
    return refuse_kernel(elf, "does not tell where its command line is",
                         "give the unstripped vmlinux of the kernel's build folder, or build it "
                         "with this CONFIG_CMDLINE");
  }
  auto present = TRY(embedded_command_line(kernel, elf));
  if (!present || !present->empty()) {
    return refuse_kernel(elf, "already carries a command line: " + present.value_or("no text"),
                         std::string(kFreshKernel));
  }
  if (text.size() >= room) {
    return advise(fail_at({.file = elf.name, .offset = *offset}, Code::does_not_fit,
                          "the command line has {} bytes, {} more than the kernel has room for",
                          text.size(), text.size() - room + 1),
                  "shorten --cmdline");
  }
  TRY(check_empty(kernel, elf, *offset, text.size() + 1));
  Bytes bytes = as_bytes(std::string_view(text));
  return Patch{*offset, {bytes.begin(), bytes.end()}};
}

Result<Findings> write_kexec_kernel(const InputFile& kernel, const KernelElf& elf,
                                    const KexecKernelRequest& request, OutputFile& output) {
  Findings findings;
  std::vector<Patch> patches{TRY(header_without_sections(kernel))};
  auto line = plan_command_line(kernel, elf, request.command_line);
  if (line) {
    patches.push_back(std::move(*line));
  } else if (request.keep_command_line && line.error().code == Code::bad_input) {
    findings.add("ELF061", {.file = elf.name},
                 fmt::format("keeps its own command line: it {}", line.error().what),
                 line.error().hint);
  } else {
    return std::unexpected(std::move(line).error());
  }
  TRY(copy_patched(kernel, patches, output, end_of_segments(elf)));
  return findings;
}

}  // namespace trxkit::kernel
