// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The only segment of a stripped kernel: the tables of kallsyms in it, and an initramfs on its way
// into that kernel. The ELF headers around it are always sound.
#include "lib/kernel/kallsyms.h"

#include <algorithm>

#include "lib/kernel/elf_wire.h"
#include "lib/kernel/embed.h"

#include "tests/fuzz/input.h"

namespace trxkit {
namespace {

using Header = kernel::wire::FileHeader<std::endian::little, std::uint32_t>;
using Program = kernel::wire::ProgramHeader<std::endian::little, std::uint32_t>;

constexpr std::uint32_t kLoad = 0x80001000;
constexpr std::uint32_t kEntry = kLoad + 0x400;

/// A kernel with `contents` as its segment.
std::vector<std::byte> kernel_with(Bytes contents) {
  constexpr std::uint32_t kHeaders = 96;  // a multiple of 16, as the tables need it
  Header header;
  header.identification = {0x7f, 'E', 'L', 'F', kernel::wire::kClass32, kernel::wire::kLittleEndian,
                           1};
  header.type = kernel::wire::kTypeExecutable;
  header.machine = kernel::wire::kMachineMips;
  header.entry = kEntry;
  header.program_table = std::uint32_t{sizeof(Header)};
  header.program_entry_size = std::uint16_t{sizeof(Program)};
  header.program_count = std::uint16_t{1};
  Program program;
  program.type = kernel::wire::kSegmentLoad;
  program.offset = kHeaders;
  program.virtual_address = kLoad;
  program.physical_address = kLoad;
  program.file_size = static_cast<std::uint32_t>(contents.size());
  program.memory_size = program.file_size;
  std::vector<std::byte> file(kHeaders);
  std::ranges::copy(as_bytes(header), file.begin());
  std::ranges::copy(as_bytes(program), file.begin() + sizeof(Header));
  file.insert(file.end(), contents.begin(), contents.end());
  return file;
}

void read(const InputFile& file, const kernel::KernelElf& elf) {
  std::uint32_t last = 0;
  unsigned entries = 0;
  auto found = kernel::read_kallsyms(file, elf, [&](const kernel::KallsymsSymbol& symbol) {
    if (symbol.address < last) std::abort();
    last = symbol.address;
    if (symbol.name == "kernel_entry" && symbol.address == kEntry) ++entries;
  });
  if (found && *found && entries != 1) std::abort();
}

/// memory_file() has one memory, which the kernel is in.
InputFile some_initramfs() {
  constexpr std::string_view kText = "070701 not read any further";
  int memory = memfd_create("initramfs", MFD_CLOEXEC);
  if (pwrite(memory, kText.data(), kText.size(), 0) != std::ssize(kText)) std::abort();
  return InputFile::open("/proc/self/fd/" + std::to_string(memory), Env{}).value();
}

void embed(const InputFile& file, const kernel::KernelElf& elf) {
  static const InputFile initramfs = some_initramfs();
  OutputFile output = OutputFile::create("/dev/null").value();
  kernel::EmbedRequest request{"console=ttyS0", 64 << 20};
  auto result = kernel::embed_initramfs(file, elf, initramfs, request, output);
  if (!result && result.error().what.empty()) std::abort();
}

}  // namespace
}  // namespace trxkit

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace trxkit;
  InputFile file = fuzz::memory_file(kernel_with(fuzz::bytes_of(data, size)));
  auto elf = kernel::read_kernel(file);
  if (!elf) return 0;
  read(file, *elf);
  embed(file, *elf);
  return 0;
}
