// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/image/disk.h"

#include <algorithm>

#include "lib/image/fdisk_context.h"
#include "lib/image/output_range.h"

namespace trxkit::image {
namespace {

constexpr std::uint64_t kSector = kDiskSector;
constexpr std::uint64_t kMostSectors = 0xffffffff;  // 32-bit fields of an MBR

// What the two kinds of tables differ in.
struct Kind {
  const char* label;            // libfdisk's name
  const char* name;             // in messages
  std::size_t most_partitions;  // primary ones, without extended partitions
  std::uint64_t head;           // bytes at the disk's start that the table takes
  std::uint64_t tail;           // and at its end
};
constexpr Kind kMbr{"dos", "an MBR", 4, kSector, 0};
// The GPT ends at sector 34; libfdisk leaves the rest of the first MiB unused.
constexpr Kind kGpt{"gpt", "a GPT", 128, 1 << 20, kGptTail};

struct GptType {
  std::uint8_t mbr_type;
  const char* guid;
};
// UEFI specification 2.10, 5.3.3, and util-linux include/pt-gpt-partnames.h.
constexpr GptType kGptTypes[] = {
    {0x0c, "EBD0A0A2-B9E5-4433-87C0-68B6B72699C7"},  // basic data
    {0x0e, "EBD0A0A2-B9E5-4433-87C0-68B6B72699C7"},
    {0x82, "0657FD6D-A4AB-43C4-84E5-0933C84B4F4F"},  // Linux swap
    {0x83, "0FC63DAF-8483-4772-8E79-3D69D8477DE4"},  // Linux file systems
};

Status judge(const Kind& kind, const std::vector<DiskPartition>& partitions,
             std::uint64_t disk_size) {
  if (partitions.size() > kind.most_partitions) {
    return fail(Code::does_not_fit, "{} holds {} partitions, not {}", kind.name,
                kind.most_partitions, partitions.size());
  }
  std::uint64_t usable = disk_size - std::min(disk_size, kind.tail);
  std::vector<DiskPartition> sorted = partitions;
  std::ranges::sort(sorted, {}, &DiskPartition::offset);
  std::uint64_t end = kind.head;
  for (const DiskPartition& partition : sorted) {
    std::uint64_t first = partition.offset;
    std::uint64_t size = partition.size;
    if (first % kSector != 0 || size % kSector != 0 || size == 0) {
      return fail(Code::usage, "a partition of {} bytes at {} does not consist of {}-byte sectors",
                  size, first, kSector);
    }
    if (first < end) {
      return fail(Code::does_not_fit, "a partition at {} begins before {}, where the {} ends",
                  first, end, end == kind.head ? "partition table" : "partition before it");
    }
    if (!range_inside(first, size, usable)) {
      return fail(Code::does_not_fit,
                  "a partition of {} bytes at {} ends behind the {} of the disk", size, first,
                  usable);
    }
    bool mbr = &kind == &kMbr;
    if (mbr && (first / kSector > kMostSectors || size / kSector > kMostSectors)) {
      return fail(Code::does_not_fit, "a partition of {} bytes at {} is out of an MBR's reach",
                  size, first);
    }
    end = first + size;
  }
  return {};
}

Result<FdiskContext> blank_label(const Kind& kind, const std::filesystem::path& path,
                                 const std::string& id) {
  FdiskContext context = TRY(open_fdisk(path));
  TRY(check_fdisk(fdisk_create_disklabel(context.get(), kind.label), "cannot be made"));
  if (fdisk_set_disklabel_id_from_string(context.get(), id.c_str()) < 0) {
    return fail(Code::usage, "partition table: '{}' cannot be its id", id);
  }
  // The default of 1 MiB is the caller's decision here.
  fdisk_set_first_lba(context.get(), kind.head / kSector);
  return context;
}

Result<FdiskType> type_of(fdisk_context* context, const Kind& kind, const DiskPartition& wanted) {
  if (&kind == &kMbr) {
    FdiskType type(fdisk_new_parttype());
    if (type)
      TRY(check_fdisk(fdisk_parttype_set_code(type.get(), wanted.type), "cannot set a type"));
    return type;
  }
  const auto* known = std::ranges::find(kGptTypes, wanted.type, &GptType::mbr_type);
  if (known == std::end(kGptTypes)) {
    return fail(Code::usage, "no GPT type is known for the MBR type {:#04x}", wanted.type);
  }
  return FdiskType(fdisk_label_parse_parttype(fdisk_get_label(context, kind.label), known->guid));
}

Status describe(fdisk_partition* partition, const Kind& kind, const DiskPartition& wanted) {
  TRY(check_fdisk(fdisk_partition_set_start(partition, wanted.offset / kSector),
                  "cannot set a start"));
  TRY(check_fdisk(fdisk_partition_set_size(partition, wanted.size / kSector), "cannot set a size"));
  TRY(check_fdisk(fdisk_partition_size_explicit(partition, 1), "cannot set a size"));
  if (&kind == &kMbr) return {};
  TRY(check_fdisk(fdisk_partition_set_name(partition, wanted.name.c_str()), "cannot set a name"));
  return check_fdisk(fdisk_partition_set_uuid(partition, wanted.uuid.c_str()), "cannot set a UUID");
}

Status add_partition(fdisk_context* context, const Kind& kind, std::size_t number,
                     const DiskPartition& wanted) {
  FdiskPartition partition(fdisk_new_partition());
  FdiskType type = TRY(type_of(context, kind, wanted));
  if (!partition || !type) return fail(Code::io, "partition table: out of memory");
  TRY(check_fdisk(fdisk_partition_set_type(partition.get(), type.get()), "cannot set a type"));
  TRY(check_fdisk(fdisk_partition_set_partno(partition.get(), number), "cannot set a number"));
  TRY(describe(partition.get(), kind, wanted));
  std::size_t assigned = number;
  TRY(check_fdisk(fdisk_add_partition(context, partition.get(), &assigned),
                  "cannot add a partition"));
  if (!wanted.bootable || &kind != &kMbr) return {};
  return check_fdisk(fdisk_toggle_partition_flag(context, number, DOS_FLAG_ACTIVE),
                     "cannot mark the boot partition");
}

Status write_table(const Kind& kind, OutputFile& output, const std::string& id,
                   const std::vector<DiskPartition>& partitions) {
  std::uint64_t disk_size = TRY(rewritable_size(output));
  TRY(judge(kind, partitions, disk_size));
  FdiskContext context = TRY(blank_label(kind, output.temporary_path(), id));
  for (std::size_t i = 0; i < partitions.size(); ++i) {
    TRY(add_partition(context.get(), kind, i, partitions[i]));
  }
  return close_fdisk(context.get());
}

}  // namespace

Status write_mbr(OutputFile& output, std::uint32_t disk_id,
                 const std::vector<DiskPartition>& partitions) {
  return write_table(kMbr, output, fmt::format("{:#x}", disk_id), partitions);
}

Status write_gpt(OutputFile& output, const std::string& disk_uuid,
                 const std::vector<DiskPartition>& partitions) {
  return write_table(kGpt, output, disk_uuid, partitions);
}

Status resize_partition(const std::filesystem::path& disk, std::uint32_t number,
                        std::uint64_t size) {
  FdiskContext context = TRY(open_fdisk(disk));
  if (number > 0) {
    FdiskPartition wanted(fdisk_new_partition());
    if (!wanted) return fail(Code::io, "partition table: out of memory");
    TRY(check_fdisk(fdisk_partition_set_size(wanted.get(), size / kSector), "cannot set a size"));
    TRY(check_fdisk(fdisk_partition_size_explicit(wanted.get(), 1), "cannot set a size"));
    TRY(check_fdisk(fdisk_set_partition(context.get(), number - 1, wanted.get()),
                    "cannot resize a partition"));
  }
  return close_fdisk(context.get());
}

}  // namespace trxkit::image
