// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/boot/stick_volumes.h"

#include <algorithm>

#include "lib/boot/fsck_memory.h"
#include "lib/core/units.h"
#include "lib/image/disk.h"
#include "lib/image/ext4.h"
#include "lib/image/fat.h"
#include "lib/image/swap.h"

namespace trxkit::boot {
namespace {

// For the marker of the entry that is being tried, and what people drop there.
constexpr std::uint64_t kBootRoom = 4 << 20;

image::FatKind fat_kind(BootFilesystem filesystem) {
  return filesystem == BootFilesystem::fat16 ? image::FatKind::fat16 : image::FatKind::fat32;
}

image::ExtKind ext_kind(BootFilesystem filesystem) {
  if (filesystem == BootFilesystem::ext2) return image::ExtKind::ext2;
  return filesystem == BootFilesystem::ext3 ? image::ExtKind::ext3 : image::ExtKind::ext4;
}

Result<std::uint64_t> boot_size(BootFilesystem filesystem, const archive::MergeSummary& tree) {
  if (!is_fat(filesystem)) {
    std::uint64_t journal = filesystem == BootFilesystem::ext3 ? kRootJournalBlocks * 4096U : 0;
    std::uint64_t size = image::ext4_size_for(tree.content_bytes, tree.paths, kBootRoom + journal);
    return std::max<std::uint64_t>(size, journal == 0 ? 0 : 16 << 20);
  }
  std::uint64_t size =
      image::fat_size_for(fat_kind(filesystem), tree.content_bytes, tree.paths, kBootRoom);
  if (size <= std::uint64_t{2} << 40) return size;
  return advise(fail(Code::does_not_fit, "{} of files are too much for {}",
                     human_size(tree.content_bytes), name_of(filesystem)),
                filesystem == BootFilesystem::fat16 ? "--boot-fs fat32" : "--boot-fs ext4");
}

std::uint8_t mbr_type(const StickPartition& partition) {
  if (partition.filesystem == name_of(BootFilesystem::fat32)) return 0x0C;  // both with LBA
  if (partition.filesystem == name_of(BootFilesystem::fat16)) return 0x0E;
  return partition.filesystem == "swap" ? 0x82 : 0x83;
}

Status write_partition_table(const StickRequest& request, const StickIds& ids,
                             const DiskLayout& layout, OutputFile& image) {
  std::vector<image::DiskPartition> partitions;
  for (const StickVolume& volume : layout.volumes) {
    const StickPartition& partition = volume.partition;
    partitions.push_back({.offset = partition.offset,
                          .size = partition.size,
                          .type = mbr_type(partition),
                          .name = partition.label,
                          .uuid = partition.partition_id});
  }
  switch (request.layout.table) {
    case PartitionTable::mbr:
      return image::write_mbr(image, ids.disk_id, partitions);
    case PartitionTable::gpt:
      return image::write_gpt(image, ids.disk_uuid, partitions);
    case PartitionTable::none:
      break;
  }
  return {};
}

Status write_boot(BootFilesystem filesystem, const StickIds& ids, const StickPartition& place,
                  const archive::Source& tree, OutputFile& image, const Env& env) {
  if (is_fat(filesystem)) {
    return image::write_fat(tree, image,
                            {.kind = fat_kind(filesystem),
                             .label = place.label,
                             .volume_id = ids.volume_id,
                             .size = place.size,
                             .offset = place.offset},
                            env);
  }
  image::Ext4Options options{
      .kind = ext_kind(filesystem), .label = place.label, .uuid = ids.boot_uuid};
  options.size = place.size;
  options.offset = place.offset;
  // What has to be small is the time until it can be read: preinit does not replay a journal.
  options.journal_blocks = options.kind == image::ExtKind::ext3 ? kRootJournalBlocks : 0;
  return image::write_ext4(tree, image, options, env);
}

Status write_data(const StickPartition& place, OutputFile& image, const Env& env) {
  archive::MemoryTree empty("the data partition", env.source_date_epoch);
  empty.add_directory("");
  image::Ext4Options options{.label = place.label, .uuid = place.id};
  options.size = place.size;
  options.offset = place.offset;
  options.journal_blocks = kRootJournalBlocks;
  // It grows to sticks of many GiB, and tables of inodes that nobody uses are written and checked.
  options.bytes_per_inode = 65536;
  return image::write_ext4(empty, image, options, env);
}

// Swap is turned on before file systems are checked.
void judge_layout(const StickRequest& request, const DiskLayout& layout, Findings& findings) {
  for (const StickVolume& volume : layout.volumes) {
    if (volume.use == VolumeUse::swap) continue;
    judge_fsck_memory(volume.partition.label, volume.partition.size, *request.board.ram_size,
                      request.layout.swap_size, findings);
  }
}

}  // namespace

Result<DiskLayout> write_volumes(const StickRequest& request, const StickBuild& build,
                                 OutputFile& image, const Env& env, Findings& findings) {
  auto tree = TRY(boot_tree(build.files, env));
  BootFilesystem filesystem = request.layout.filesystem;
  archive::MergeSummary summary = TRY(archive::summarise(*tree));
  std::uint64_t size = TRY(boot_size(filesystem, summary));
  DiskLayout layout = TRY(lay_out(request, build.plan, size));
  judge_layout(request, layout, findings);
  TRY(image.resize(layout.size));
  TRY(write_partition_table(request, build.plan.ids, layout, image));
  for (const StickVolume& volume : layout.volumes) {
    const StickPartition& place = volume.partition;
    switch (volume.use) {
      case VolumeUse::boot:
        TRY(write_boot(filesystem, build.plan.ids, place, *tree, image, env));
        break;
      case VolumeUse::root:
        TRY(write_root_filesystem(build.plan.entries.at(volume.entry), image, place.offset,
                                  place.size, env));
        break;
      case VolumeUse::swap:
        TRY(image::write_swap(
            image,
            {.label = place.label, .uuid = place.id, .size = place.size, .offset = place.offset}));
        break;
      case VolumeUse::data:
        TRY(write_data(place, image, env));
        break;
    }
  }
  return layout;
}

}  // namespace trxkit::boot
