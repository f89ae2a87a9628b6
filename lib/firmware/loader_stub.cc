// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/firmware/loader_stub.h"

#include <cstring>

#include "lib/kernel/elf.h"
#include "lib/kernel/elf_wire.h"

namespace trxkit::firmware {
namespace {

using FileHeader = kernel::wire::FileHeader<std::endian::little, std::uint32_t>;
using SectionHeader = kernel::wire::SectionHeader<std::endian::little, std::uint32_t>;

// Sections of relocations without addends (System V ABI, SHT_REL).
constexpr std::uint32_t kSectionRelocations = 9;
// Types of the MIPS supplement (binutils include/elf/mips.h).
constexpr std::uint8_t kNone = 0;
constexpr std::uint8_t kWord = 2;
constexpr std::uint8_t kJump = 4;
constexpr std::uint8_t kUpperHalf = 5;
constexpr std::uint8_t kLowerHalf = 6;
constexpr std::uint8_t kBranch = 10;

struct Relocation {
  le32 offset;
  le32 info;
};

constexpr std::string_view kHint = "build it with tools/build-loader";

std::unexpected<Error> fault(const InputFile& file, std::optional<std::uint64_t> offset,
                             std::string what) {
  return advise(fail_at({file.name(), offset}, Code::bad_input, "{}", what), std::string(kHint));
}

Status read_code(const InputFile& file, LoaderStub& stub) {
  kernel::KernelElf elf = TRY(kernel::read_kernel(file));
  auto loads = elf.loads();
  bool ours = loads.size() == 1 && elf.elf_class == kernel::wire::kClass32 &&
              elf.data == kernel::wire::kLittleEndian &&
              elf.machine == kernel::wire::kMachineMips && elf.entry == loads[0].physical_address &&
              loads[0].file_size == loads[0].memory_size && loads[0].file_size % 16 == 0 &&
              loads[0].file_size <= trx::kLargestStub;
  if (!ours) return fault(file, 0, "is not trxkit's loader");
  stub.bytes = TRY(file.bytes_at(loads[0].offset, loads[0].file_size));
  stub.base = static_cast<std::uint32_t>(loads[0].physical_address);
  auto header = ByteReader(stub.bytes).read_at<trx::LoaderHeader>(trx::kLoaderHeaderOffset);
  if (!header || header->magic != trx::kLoaderMagic) {
    return fault(file, loads[0].offset + trx::kLoaderHeaderOffset, "is not trxkit's loader");
  }
  if (header->version != trx::kLoaderVersion) {
    return fault(file, loads[0].offset + trx::kLoaderHeaderOffset,
                 fmt::format("is version {} of the loader, not {}", header->version.value(),
                             trx::kLoaderVersion));
  }
  if (stub.base % kStubAlignment == 0) return {};
  return fault(file, 0, fmt::format("is linked at {:#x}, no multiple of 64 KiB", stub.base));
}

Status add_relocation(const InputFile& file, std::uint64_t offset, const Relocation& relocation,
                      LoaderStub& stub) {
  auto type = static_cast<std::uint8_t>(relocation.info & 0xff);
  std::uint64_t place = std::uint64_t{relocation.offset} - stub.base;
  if (relocation.offset < stub.base || !range_inside(place, 4, stub.bytes.size())) {
    return fault(file, offset, "has a relocation outside of its code");
  }
  // The lower halves stay, and what is relative to its own place too.
  if (type == kNone || type == kLowerHalf || type == kBranch) return {};
  if (type != kWord && type != kJump && type != kUpperHalf) {
    return fault(file, offset, fmt::format("has a relocation of type {}", type));
  }
  stub.relocations.push_back({static_cast<std::uint32_t>(place), type});
  return {};
}

Status add_section(const InputFile& file, const SectionHeader& section, LoaderStub& stub) {
  std::uint64_t end = std::uint64_t{section.offset} + section.size;
  for (std::uint64_t at = section.offset; at + sizeof(Relocation) <= end;
       at += sizeof(Relocation)) {
    auto relocation = TRY(file.read_struct<Relocation>(at));
    TRY(add_relocation(file, at, relocation, stub));
  }
  return {};
}

// Headers and sections lie inside the file: read_kernel() looked. But many headers may name the
// same bytes. A word needs one relocation at most: more than words are no linker's work.
Status read_relocations(const InputFile& file, LoaderStub& stub) {
  auto header = TRY(file.read_struct<FileHeader>(0));
  std::uint64_t words = stub.bytes.size() / sizeof(le32);
  std::uint64_t relocations = 0;
  for (std::uint32_t i = 0; i < header.section_count; ++i) {
    std::uint64_t at = std::uint64_t{header.section_table} + i * sizeof(SectionHeader);
    auto section = TRY(file.read_struct<SectionHeader>(at));
    if (section.type != kSectionRelocations) continue;
    relocations += section.size / sizeof(Relocation);
    if (relocations > words) {
      return fault(file, at, fmt::format("has more relocations than its {} words", words));
    }
    TRY(add_section(file, section, stub));
  }
  if (!stub.relocations.empty()) return {};
  return fault(file, 0, "was linked without --emit-relocs");
}

}  // namespace

Result<bool> is_loader_stub(const InputFile& file) {
  auto magic = TRY(file.bytes_at(0, 4));
  if (as_text(magic) !=
      "\x7f"
      "ELF") {
    return false;
  }
  auto elf = kernel::read_kernel(file);
  if (!elf || elf->loads().empty()) return false;
  auto head = TRY(file.bytes_at(elf->loads()[0].offset, trx::kLoaderHeaderOffset + sizeof(le32)));
  auto found = ByteReader(head).read_at<le32>(trx::kLoaderHeaderOffset);
  return found && *found == trx::kLoaderMagic;
}

Result<LoaderStub> read_loader_stub(const InputFile& file) {
  LoaderStub stub;
  stub.name = file.name();
  TRY(read_code(file, stub));
  TRY(read_relocations(file, stub));
  return stub;
}

std::vector<std::byte> relocate(const LoaderStub& stub, std::uint32_t address) {
  std::vector<std::byte> bytes = stub.bytes;
  std::uint32_t delta = address - stub.base;
  for (const StubRelocation& relocation : stub.relocations) {
    le32 word;
    std::memcpy(&word, bytes.data() + relocation.place, sizeof(word));
    std::uint32_t old = word;
    if (relocation.type == kWord) word = old + delta;
    if (relocation.type == kJump) {
      word = (old & 0xfc000000) | ((old + (delta >> 2)) & 0x03ffffff);
    }
    if (relocation.type == kUpperHalf) {
      word = (old & 0xffff0000) | ((old + (delta >> 16)) & 0xffff);
    }
    std::memcpy(bytes.data() + relocation.place, &word, sizeof(word));
  }
  return bytes;
}

}  // namespace trxkit::firmware
