// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// FAT: Microsoft's "FAT: General Overview of On-Disk Format" and linux fs/fat/inode.c; ext: linux
// fs/ext4/ext4.h; swap: linux include/linux/swap.h, with pages of 4 KiB.
#include "lib/image/volume_facts.h"

#include "lib/core/printable.h"
#include "lib/image/fat_boot_sector.h"
#include "lib/image/swap_header.h"

namespace trxkit::image {
namespace {

constexpr std::uint64_t kExtSuperblock = 1024;

/// At 36 for FAT16, at 64 for FAT32.
struct FatIdentity {
  std::uint8_t drive;
  std::uint8_t state;  // bit 0: mounted
  std::uint8_t signature;
  le32 id;
  std::array<char, 11> label;
  std::array<char, 8> type;
};
static_assert(sizeof(FatIdentity) == 26);

struct ExtSuperblock {
  std::array<std::uint8_t, 56> sizes;
  le16 magic;
  le16 state;
  std::array<std::uint8_t, 32> rest;
  le32 compatible;
  le32 incompatible;
  le32 read_only_compatible;
  std::array<std::uint8_t, 16> id;
  std::array<char, 16> label;
};
static_assert(sizeof(ExtSuperblock) == 136);

constexpr std::uint32_t kExtJournal = 0x4;              // compatible
constexpr std::uint32_t kExtNeedsRecovery = 0x4;        // incompatible
constexpr std::uint32_t kExtOf4 = 0x40 | 0x80 | 0x200;  // extents, 64bit, flex_bg

/// The structure at `offset`, or zeros where the file ends before.
template <WireStruct T>
Result<T> peek(const InputFile& file, std::uint64_t offset) {
  if (!range_inside(offset, sizeof(T), file.size())) return T{};
  return file.read_struct<T>(offset);
}

template <std::size_t Size>
std::string text_of(const std::array<char, Size>& field) {
  std::string_view text(field.data(), field.size());
  text = text.substr(0, text.find('\0'));
  while (text.ends_with(' ')) text.remove_suffix(1);
  return printable(std::string(text));
}

std::string uuid_text(const std::array<std::uint8_t, 16>& id) {
  std::string text;
  for (std::size_t i = 0; i < id.size(); ++i) {
    text += fmt::format("{}{:02x}", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", id[i]);
  }
  return text;
}

Result<VolumeFacts> read_fat(const InputFile& file, std::uint64_t offset) {
  auto sector = TRY(peek<FatBootSector>(file, offset));
  bool starts = sector.jump[0] == 0xEB || sector.jump[0] == 0xE9;
  if (!starts || sector.sector_size < 512 || sector.cluster_sectors == 0) return VolumeFacts{};
  for (std::uint32_t place : {64u, 36u}) {
    auto identity = TRY(peek<FatIdentity>(file, offset + place));
    std::string type = text_of(identity.type);
    if (place == 64 ? type != "FAT32" : type != "FAT16" && type != "FAT12") continue;
    std::uint32_t id = identity.id;
    return VolumeFacts{.type = "fat" + type.substr(3),
                       .label = text_of(identity.label),
                       .id = fmt::format("{:04X}-{:04X}", id >> 16, id & 0xFFFF),
                       .clean = (identity.state & 1) == 0};
  }
  return VolumeFacts{};
}

Result<VolumeFacts> read_ext(const InputFile& file, std::uint64_t offset) {
  auto block = TRY(peek<ExtSuperblock>(file, offset + kExtSuperblock));
  if (block.magic != 0xEF53) return VolumeFacts{};
  bool journal = (block.compatible & kExtJournal) != 0;
  bool fourth = (block.incompatible & kExtOf4) != 0;
  return VolumeFacts{
      .type = fourth    ? "ext4"
              : journal ? "ext3"
                        : "ext2",
      .label = text_of(block.label),
      .id = uuid_text(block.id),
      .clean = (block.state & 1) != 0 && (block.incompatible & kExtNeedsRecovery) == 0};
}

Result<VolumeFacts> read_other(const InputFile& file, std::uint64_t offset) {
  auto magic = TRY((peek<std::array<char, 4>>(file, offset)));
  if (std::string_view(magic.data(), 4) == "hsqs") return VolumeFacts{.type = "squashfs"};
  using Signature = std::array<char, kSwapSignature.size()>;
  auto mark = TRY(peek<Signature>(file, offset + kSwapPage - kSwapSignature.size()));
  if (std::string_view(mark.data(), mark.size()) != kSwapSignature) return VolumeFacts{};
  auto header = TRY(peek<SwapHeader>(file, offset));
  return VolumeFacts{.type = "swap", .label = text_of(header.label), .id = uuid_text(header.uuid)};
}

}  // namespace

Result<VolumeFacts> read_volume_facts(const InputFile& file, std::uint64_t offset) {
  for (auto* reader : {read_fat, read_ext, read_other}) {
    VolumeFacts volume = TRY(reader(file, offset));
    if (!volume.type.empty()) return volume;
  }
  return VolumeFacts{};
}

}  // namespace trxkit::image
