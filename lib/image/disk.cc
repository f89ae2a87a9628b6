// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/image/disk.h"

#include <algorithm>
#include <cstring>
#include <memory>

#include <libfdisk/libfdisk.h>

#include "lib/image/output_range.h"

namespace trxkit::image {
namespace {

constexpr std::uint64_t kSector = 512;
constexpr std::size_t kPrimaries = 4;
constexpr std::uint64_t kMostSectors = 0xffffffff;  // 32-bit fields of the table

struct Releaser {
  void operator()(fdisk_context* context) const { fdisk_unref_context(context); }
  void operator()(fdisk_partition* partition) const { fdisk_unref_partition(partition); }
  void operator()(fdisk_parttype* type) const { fdisk_unref_parttype(type); }
};
using Context = std::unique_ptr<fdisk_context, Releaser>;

// libfdisk returns negative errno values.
Status check(int code, std::string_view action) {
  if (code >= 0) return {};
  return fail(Code::io, "partition table: {}: {}", action, std::strerror(-code));
}

Status judge(const std::vector<DiskPartition>& partitions, std::uint64_t disk_size) {
  if (partitions.size() > kPrimaries) {
    return fail(Code::does_not_fit, "an MBR holds {} partitions, not {}", kPrimaries,
                partitions.size());
  }
  std::vector<DiskPartition> sorted = partitions;
  std::ranges::sort(sorted, {}, &DiskPartition::offset);
  std::uint64_t end = kSector;  // the table itself
  for (const DiskPartition& partition : sorted) {
    std::uint64_t first = partition.offset;
    std::uint64_t size = partition.size;
    if (first % kSector != 0 || size % kSector != 0 || size == 0) {
      return fail(Code::usage, "a partition of {} bytes at {} does not consist of {}-byte sectors",
                  size, first, kSector);
    }
    if (first < end) {
      return fail(Code::does_not_fit, "a partition at {} begins before {}, where the {} ends",
                  first, end, end == kSector ? "partition table" : "partition before it");
    }
    if (!range_inside(first, size, disk_size)) {
      return fail(Code::does_not_fit, "a partition of {} bytes at {} ends behind the disk of {}",
                  size, first, disk_size);
    }
    if (first / kSector > kMostSectors || size / kSector > kMostSectors) {
      return fail(Code::does_not_fit, "a partition of {} bytes at {} is out of an MBR's reach",
                  size, first);
    }
    end = first + size;
  }
  return {};
}

// A blank DOS label. Everything that libfdisk would otherwise take from the device it works on is
// given: sector size, alignment, and the customary geometry for the CHS fields.
Result<Context> blank_label(const std::filesystem::path& path, std::uint32_t disk_id) {
  Context context(fdisk_new_context());
  if (!context) return fail(Code::io, "partition table: out of memory");
  TRY(check(fdisk_disable_dialogs(context.get(), 1), "cannot be made"));
  TRY(check(fdisk_save_user_sector_size(context.get(), kSector, kSector), "cannot be made"));
  TRY(check(fdisk_save_user_geometry(context.get(), 0, 255, 63), "cannot be made"));
  TRY(check(fdisk_save_user_grain(context.get(), kSector), "cannot be made"));
  TRY(check(fdisk_assign_device(context.get(), path.c_str(), 0), "cannot open the image"));
  TRY(check(fdisk_create_disklabel(context.get(), "dos"), "cannot be made"));
  TRY(check(
      fdisk_set_disklabel_id_from_string(context.get(), fmt::format("{:#x}", disk_id).c_str()),
      "cannot set the disk id"));
  fdisk_set_first_lba(context.get(), 1);  // the default of 1 MiB is the caller's decision here
  return context;
}

Status add_partition(fdisk_context* context, std::size_t number, const DiskPartition& wanted) {
  std::unique_ptr<fdisk_partition, Releaser> partition(fdisk_new_partition());
  std::unique_ptr<fdisk_parttype, Releaser> type(fdisk_new_parttype());
  if (!partition || !type) return fail(Code::io, "partition table: out of memory");
  TRY(check(fdisk_parttype_set_code(type.get(), wanted.type), "cannot set a type"));
  TRY(check(fdisk_partition_set_type(partition.get(), type.get()), "cannot set a type"));
  TRY(check(fdisk_partition_set_partno(partition.get(), number), "cannot set a number"));
  TRY(check(fdisk_partition_set_start(partition.get(), wanted.offset / kSector),
            "cannot set a start"));
  TRY(check(fdisk_partition_set_size(partition.get(), wanted.size / kSector), "cannot set a size"));
  TRY(check(fdisk_partition_size_explicit(partition.get(), 1), "cannot set a size"));
  std::size_t assigned = number;
  TRY(check(fdisk_add_partition(context, partition.get(), &assigned), "cannot add a partition"));
  if (!wanted.bootable) return {};
  return check(fdisk_toggle_partition_flag(context, number, DOS_FLAG_ACTIVE),
               "cannot mark the boot partition");
}

}  // namespace

Status write_mbr(OutputFile& output, std::uint32_t disk_id,
                 const std::vector<DiskPartition>& partitions) {
  std::uint64_t disk_size = TRY(rewritable_size(output));
  TRY(judge(partitions, disk_size));
  Context context = TRY(blank_label(output.temporary_path(), disk_id));
  for (std::size_t i = 0; i < partitions.size(); ++i) {
    TRY(add_partition(context.get(), i, partitions[i]));
  }
  TRY(check(fdisk_write_disklabel(context.get()), "cannot be written"));
  return check(fdisk_deassign_device(context.get(), 1), "cannot be written");
}

}  // namespace trxkit::image
