// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What a FAT volume owns: everything before its clusters, and every cluster that its table does not
// call free. Source: Microsoft, "FAT: General Overview of On-Disk Format" 1.03 (fatgen103).
#include <bit>

#include "lib/image/block_collector.h"
#include "lib/image/fat_boot_sector.h"

namespace trxkit::image {
namespace {

constexpr std::uint64_t kEntrySize = 32;     // bytes, in a directory
constexpr std::uint64_t kFirstCluster = 2;   // the table's first two entries are no clusters
constexpr std::uint64_t kFat12Limit = 4085;  // clusters from which on it is FAT16
constexpr std::uint32_t kFat32Mask = 0x0fffffff;

// As fatgen103 tells a boot sector from other code.
bool looks_like_fat(const FatBootSector& boot) {
  bool jumps = (boot.jump[0] == 0xEB && boot.jump[2] == 0x90) || boot.jump[0] == 0xE9;
  std::uint32_t size = boot.sector_size;
  return jumps && std::has_single_bit(size) && size >= 512 && size <= 4096 &&
         std::has_single_bit(boot.cluster_sectors) && boot.reserved_sectors > 0 &&
         boot.tables > 0 && boot.media >= 0xF0;
}

// In bytes from the start of the volume.
struct Layout {
  std::uint64_t table = 0;       ///< the first one
  std::uint64_t table_size = 0;  ///< of one
  std::uint64_t clusters = 0;    ///< where they start
  std::uint64_t cluster_size = 0;
  std::uint64_t count = 0;  ///< clusters
  bool fat32 = false;       ///< as Linux tells it (fs/fat/inode.c), whatever the count is
};

Layout layout_of(const FatBootSector& boot) {
  std::uint64_t sector = boot.sector_size;
  std::uint64_t sectors = boot.sectors_16 != 0 ? boot.sectors_16.value() : boot.sectors_32.value();
  std::uint64_t table_sectors =
      boot.table_sectors_16 != 0 ? boot.table_sectors_16.value() : boot.table_sectors_32.value();
  Layout layout{.table = boot.reserved_sectors * sector,
                .table_size = table_sectors * sector,
                .cluster_size = boot.cluster_sectors * sector,
                .fat32 = boot.table_sectors_16 == 0};
  std::uint64_t root = align_up(boot.root_entries * kEntrySize, sector);
  layout.clusters = layout.table + boot.tables * layout.table_size + root;
  std::uint64_t end = sectors * sector;
  if (end > layout.clusters) layout.count = (end - layout.clusters) / layout.cluster_size;
  return layout;
}

class FatMapper {
 public:
  FatMapper(const Volume& volume, const Layout& layout, BlockCollector& blocks)
      : volume_(volume), layout_(layout), blocks_(blocks) {}

  Status run() {
    TRY(blocks_.add(volume_, 0, layout_.clusters));
    if (layout_.fat32) return map_entries<le32>(kFat32Mask);
    return layout_.count < kFat12Limit ? map_12() : map_entries<le16>(0xffff);
  }

 private:
  Status check_table(std::uint64_t bytes) const {
    if (bytes <= layout_.table_size) return {};
    return fail_at(volume_.where(), Code::bad_input,
                   "holds a FAT of {} bytes for {} clusters, which need {}", layout_.table_size,
                   layout_.count, bytes);
  }

  Status add_cluster(std::uint64_t number) {
    std::uint64_t offset = layout_.clusters + (number - kFirstCluster) * layout_.cluster_size;
    return blocks_.add(volume_, offset, layout_.cluster_size);
  }

  template <typename Entry>
  Status map_entries(std::uint32_t mask) {
    std::uint64_t entries = layout_.count + kFirstCluster;
    TRY(check_table(entries * sizeof(Entry)));
    std::uint64_t number = 0;
    // Blocks of for_each_block() end with a whole entry.
    return volume_.image.for_each_block(
        volume_.place.offset + layout_.table, entries * sizeof(Entry), [&](Bytes bytes) -> Status {
          ByteReader table(bytes, volume_.image.name());
          for (std::uint64_t at = 0; at < bytes.size(); at += sizeof(Entry), ++number) {
            std::uint32_t value = TRY(table.read_at<Entry>(at)).value() & mask;
            if (number >= kFirstCluster && value != 0) TRY(add_cluster(number));
          }
          return {};
        });
  }

  Status map_12() {
    std::uint64_t entries = layout_.count + kFirstCluster;
    std::uint64_t size = align_up(entries * 3, 2) / 2;
    TRY(check_table(size));
    auto bytes = TRY(volume_.image.bytes_at(volume_.place.offset + layout_.table, size + 1));
    ByteReader table(bytes, volume_.image.name());
    for (std::uint64_t number = kFirstCluster; number < entries; ++number) {
      std::uint32_t pair = TRY(table.read_at<le16>(number * 3 / 2));
      std::uint32_t value = number % 2 == 0 ? pair & 0xfff : pair >> 4;
      if (value != 0) TRY(add_cluster(number));
    }
    return {};
  }

  const Volume& volume_;
  const Layout& layout_;
  BlockCollector& blocks_;
};

}  // namespace

Result<bool> map_fat(const Volume& volume, BlockCollector& blocks) {
  if (volume.place.size < 512) return false;
  auto boot = TRY(volume.image.read_struct<FatBootSector>(volume.place.offset));
  if (!looks_like_fat(boot)) return false;
  Layout layout = layout_of(boot);
  TRY(FatMapper(volume, layout, blocks).run());
  return true;
}

}  // namespace trxkit::image
