// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/boot/stick_layout.h"

#include "lib/core/bytes.h"
#include "lib/image/disk.h"

namespace trxkit::boot {
namespace {

constexpr std::uint64_t kMiB = 1 << 20;
constexpr std::size_t kMbrPartitions = 4;

StickVolume volume(VolumeUse use, const VolumeNames& names, std::string_view filesystem,
                   std::string id, std::uint64_t size) {
  return {.use = use,
          .partition = {.label = names.label,
                        .filesystem = std::string(filesystem),
                        .id = std::move(id),
                        .partition_id = names.partition_id,
                        .size = align_up(size, kMiB)}};
}

std::vector<StickVolume> volumes_of(const StickRequest& request, const StickPlan& plan,
                                    std::uint64_t boot_size) {
  const StickLayout& layout = request.layout;
  VolumeNames boot{.label = layout.boot_label, .partition_id = layout.boot_partition_id};
  std::vector<StickVolume> volumes{
      volume(VolumeUse::boot, boot, name_of(layout.filesystem), plan.boot_id, boot_size)};
  for (std::size_t i = 0; i < request.entries.size(); ++i) {
    if (request.entries[i].form() != RootForm::partition) continue;
    const EntryPlan& entry = plan.entries.at(i);
    volumes.push_back(volume(VolumeUse::root, request.entries[i].root_names, "ext4",
                             entry.root_uuid, entry.root_size));
    volumes.back().entry = i;
  }
  if (layout.swap_size > 0) {
    volumes.push_back(
        volume(VolumeUse::swap, layout.swap, "swap", plan.ids.swap_uuid, layout.swap_size));
  }
  if (layout.data_size > 0) {
    volumes.push_back(
        volume(VolumeUse::data, layout.data, "ext4", plan.ids.data_uuid, layout.data_size));
  }
  return volumes;
}

// Linux makes those of an MBR from the disk's id (block/partitions/msdos.c).
void complete_partition_ids(PartitionTable table, const StickIds& ids,
                            std::vector<StickVolume>& volumes) {
  for (std::size_t number = 1; number <= volumes.size(); ++number) {
    std::string& id = volumes[number - 1].partition.partition_id;
    if (table == PartitionTable::mbr) id = fmt::format("{:08x}-{:02x}", ids.disk_id, number);
    if (table == PartitionTable::gpt && id.empty()) {
      id = ids.uuid(fmt::format("partition {}", number));
    }
  }
}

Status check_table(PartitionTable table, std::size_t volumes) {
  if (table == PartitionTable::none && volumes > 1) {
    return advise(
        fail(Code::usage, "a stick without partition table has no room for more than /boot"),
        "--table mbr or gpt, or neither root partition, swap nor data");
  }
  if (table != PartitionTable::mbr || volumes <= kMbrPartitions) return {};
  return advise(fail(Code::does_not_fit, "the stick has {} partitions, and an MBR holds {}",
                     volumes, kMbrPartitions),
                "--table gpt");
}

}  // namespace

Result<DiskLayout> lay_out(const StickRequest& request, const StickPlan& plan,
                           std::uint64_t boot_size) {
  PartitionTable table = request.layout.table;
  DiskLayout layout{.volumes = volumes_of(request, plan, boot_size)};
  TRY(check_table(table, layout.volumes.size()));
  complete_partition_ids(table, plan.ids, layout.volumes);
  layout.size = table == PartitionTable::none ? 0 : kMiB;
  for (StickVolume& volume : layout.volumes) {
    volume.partition.offset = layout.size;
    layout.size += volume.partition.size;
  }
  if (table == PartitionTable::gpt) layout.size = align_up(layout.size + image::kGptTail, kMiB);
  return layout;
}

}  // namespace trxkit::boot
