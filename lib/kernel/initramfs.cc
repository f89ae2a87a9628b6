// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/kernel/initramfs.h"

#include <algorithm>

#include "lib/core/units.h"
#include "lib/kernel/command_line.h"
#include "lib/kernel/elf_wire.h"

namespace trxkit::kernel {
namespace {

/// An unpacked initramfs has to fit into the RAM of a router.
constexpr std::uint64_t kMaximumUnpacked = 256 << 20;

/// The integer of the kernel's own word size and byte order at `offset`.
Result<std::uint64_t> word_at(const InputFile& file, const KernelElf& elf, std::uint64_t offset) {
  bool big = elf.data == wire::kBigEndian;
  if (elf.elf_class == wire::kClass64) {
    if (big) return TRY(file.read_struct<be64>(offset)).value();
    return TRY(file.read_struct<le64>(offset)).value();
  }
  if (big) return TRY(file.read_struct<be32>(offset)).value();
  return TRY(file.read_struct<le32>(offset)).value();
}

std::uint64_t word_size(const KernelElf& elf) {
  return elf.elf_class == wire::kClass64 ? 8 : 4;
}

/// Lists what lies in the part of the file that `initramfs` names. Damage is told in `fault`.
Status list_entries(const InputFile& file, Initramfs& initramfs) {
  auto head = TRY(file.bytes_at(initramfs.offset, std::min<std::uint64_t>(initramfs.size, 8)));
  auto packing = packing_of(head);
  if (!packing) {
    initramfs.fault = "it is neither a cpio nor packed in a way that kernels know";
    return {};
  }
  initramfs.packing = *packing;
  initramfs.fault = refusal_of_kernels(head, *packing);
  if (!initramfs.fault.empty()) return {};
  CpioListing listing;
  auto sizes = unpack(file, {initramfs.offset, initramfs.size}, *packing, kMaximumUnpacked,
                      [&](Bytes bytes) { return listing.consume(bytes); });
  if (!sizes && sizes.error().code == Code::io) return std::unexpected(sizes.error());
  if (sizes) initramfs.unpacked_size = sizes->unpacked;
  if (!sizes) {
    initramfs.fault = sizes.error().what;
  } else if (!listing.complete()) {
    initramfs.fault = "its cpio is cut off";
  }
  initramfs.entries = listing.entries();
  return {};
}

/// What rd_start and rd_size in arcs_cmdline name.
Result<std::optional<Initramfs>> find_embedded(const InputFile& file, const KernelElf& elf) {
  auto text = TRY(embedded_command_line(file, elf));
  if (!text) return std::nullopt;
  auto start = parameter(*text, "rd_start");
  auto size = parameter(*text, "rd_size");
  if (!start || !size) return std::nullopt;
  auto address = parse_number(*start);
  auto length = parse_number(*size);
  if (!address || !length) return std::nullopt;
  auto offset = elf.file_offset(*address, *length);
  if (!offset) return std::nullopt;
  return Initramfs{.built_in = false, .address = *address, .offset = *offset, .size = *length};
}

Result<std::optional<Initramfs>> find_by_symbols(const InputFile& file, const KernelElf& elf) {
  auto start = elf.symbols.find("__initramfs_start");
  auto size_symbol = elf.symbols.find("__initramfs_size");
  if (!start || !size_symbol) return std::nullopt;
  auto size_offset = elf.file_offset(size_symbol->address, word_size(elf));
  if (!size_offset) return std::nullopt;
  std::uint64_t size = TRY(word_at(file, elf, *size_offset));
  auto offset = elf.file_offset(start->address, size);
  if (!offset || size == 0) return std::nullopt;
  return Initramfs{.address = start->address, .offset = *offset, .size = size};
}

/// Tries places in a stripped kernel: a stream that decodes to a cpio, and its size behind it.
class StrippedSearch {
 public:
  StrippedSearch(const InputFile& file, const KernelElf& elf) : file_(file), elf_(elf) {}

  Result<std::optional<Initramfs>> run() {
    for (std::string_view magic :
         {std::string_view("070701"), std::string_view("\x1f\x8b\x08"),
          std::string_view("\xfd\x37zXZ\0", 6), std::string_view("\x5d\0\0", 3)}) {
      bool found =
          TRY(find_text(file_, elf_, magic, [&](std::uint64_t offset) { return try_at(offset); }));
      if (found) break;
    }
    return found_;
  }

 private:
  // INIT_RAM_FS of linux include/asm-generic/vmlinux.lds.h: the data at a multiple of 4, the size
  // at the next multiple of 8.
  Result<bool> try_at(std::uint64_t offset) {
    const Segment* segment = segment_of(offset);
    if (segment == nullptr) return false;
    std::uint64_t address = segment->virtual_address + (offset - segment->offset);
    if (address % 4 != 0 || ++tried_ > kMaximumTries || delivered_ > kMaximumWork) return false;
    std::uint64_t room = segment->offset + segment->file_size - offset;
    auto head = TRY(file_.bytes_at(offset, 8));
    auto packing = packing_of(head);
    if (!packing) return false;
    CpioListing listing;
    auto sizes = unpack(file_, {offset, room}, *packing, kMaximumUnpacked, [&](Bytes bytes) {
      delivered_ += bytes.size();
      bool done = *packing == Packing::none && listing.complete() && listing.end() > 0;
      return done ? Status{} : listing.consume(bytes);
    });
    if (!sizes && sizes.error().code == Code::io) return std::unexpected(sizes.error());
    std::uint64_t packed = *packing == Packing::none ? listing.end() : sizes ? sizes->packed : 0;
    if (packed == 0) return false;
    auto size = TRY(size_behind(offset, packed, room, address));
    if (!size) return false;
    found_ = Initramfs{.address = address, .offset = offset, .size = *size};
    return true;
  }

  /// The size of the archive at `offset`, of which `packed` bytes are used: the first word behind
  /// it that is not zero, if it stands where that very size puts it. embed_initramfs() leaves zeros
  /// between the two where it puts a smaller archive in place of the first.
  Result<std::optional<std::uint64_t>> size_behind(std::uint64_t offset, std::uint64_t packed,
                                                   std::uint64_t room, std::uint64_t address) {
    std::uint64_t end = packed + TRY(zeros_at(offset + packed, room - packed));
    std::uint64_t at = (address + end) / 8 * 8 - address;
    if (at < packed || !range_inside(at, word_size(elf_), room)) return std::nullopt;
    std::uint64_t size = TRY(word_at(file_, elf_, offset + at));
    if (size < packed || align_up(address + size, 8) != address + at) return std::nullopt;
    return size;
  }

  /// How many of the `room` bytes from `offset` are zero before the first that is not.
  Result<std::uint64_t> zeros_at(std::uint64_t offset, std::uint64_t room) {
    constexpr std::uint64_t kBlock = 64 * 1024;
    std::uint64_t zeros = 0;
    while (zeros < room) {
      auto block = TRY(file_.bytes_at(offset + zeros, std::min(kBlock, room - zeros)));
      auto other = std::ranges::find_if(block, [](std::byte byte) { return byte != std::byte{0}; });
      zeros += static_cast<std::uint64_t>(other - block.begin());
      if (other != block.end() || block.empty()) break;
    }
    return zeros;
  }

  const Segment* segment_of(std::uint64_t offset) {
    if (loads_.empty()) loads_ = elf_.loads();
    for (const Segment& segment : loads_) {
      if (offset >= segment.offset && offset - segment.offset < segment.file_size) return &segment;
    }
    return nullptr;
  }

  static constexpr unsigned kMaximumTries = 1000;
  /// Bytes that all tries together may deliver: streams of zeros unpack for ever.
  static constexpr std::uint64_t kMaximumWork = 2 * kMaximumUnpacked;
  const InputFile& file_;
  const KernelElf& elf_;
  std::vector<Segment> loads_;
  std::optional<Initramfs> found_;
  unsigned tried_ = 0;
  std::uint64_t delivered_ = 0;
};

}  // namespace

Result<std::optional<Initramfs>> find_initramfs(const InputFile& file, const KernelElf& elf) {
  auto found = TRY(find_embedded(file, elf));
  if (!found) found = TRY(find_by_symbols(file, elf));
  if (!found && !elf.has_symbol_table) found = TRY(StrippedSearch(file, elf).run());
  if (found) TRY(list_entries(file, *found));
  return found;
}

}  // namespace trxkit::kernel
