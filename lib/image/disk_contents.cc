// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/image/disk_contents.h"

#include <memory>
#include <type_traits>

#include <blkid/blkid.h>

namespace trxkit::image {
namespace {

struct Closer {
  void operator()(blkid_probe probe) const { blkid_free_probe(probe); }
};
using Probe = std::unique_ptr<std::remove_pointer_t<blkid_probe>, Closer>;

constexpr std::uint64_t kSector = 512;  // unit of libblkid's partitions

Result<Probe> probe_of(const InputFile& disk, std::uint64_t offset, std::uint64_t size) {
  Probe probe(blkid_new_probe());
  bool ready = probe && blkid_probe_set_device(probe.get(), disk.descriptor(),
                                               static_cast<blkid_loff_t>(offset),
                                               static_cast<blkid_loff_t>(size)) == 0;
  if (!ready) return fail_at({disk.name(), {}}, Code::io, "cannot be examined by libblkid");
  blkid_probe_enable_superblocks(probe.get(), 1);
  blkid_probe_set_superblocks_flags(probe.get(), BLKID_SUBLKS_TYPE | BLKID_SUBLKS_LABEL);
  blkid_probe_enable_partitions(probe.get(), 1);
  return probe;
}

std::string value_of(const Probe& probe, const char* name) {
  const char* value = nullptr;
  if (blkid_probe_lookup_value(probe.get(), name, &value, nullptr) != 0) return {};
  return value;
}

// What lies at one place; a file system counts more than the partition table that it may look like.
DiskContent content_at(const Probe& probe, std::uint64_t offset, std::uint64_t size) {
  DiskContent content{.offset = offset, .size = size, .type = {}, .label = {}};
  if (blkid_do_safeprobe(probe.get()) != 0) return content;
  content.type = value_of(probe, "TYPE");
  if (content.type.empty()) content.type = value_of(probe, "PTTYPE");
  content.label = value_of(probe, "LABEL");
  return content;
}

}  // namespace

Result<std::vector<DiskContent>> disk_contents(const InputFile& disk) {
  std::vector<DiskContent> contents;
  Probe whole = TRY(probe_of(disk, 0, disk.size()));
  DiskContent first = content_at(whole, 0, disk.size());
  if (!first.type.empty()) contents.push_back(first);
  blkid_partlist partitions = blkid_probe_get_partitions(whole.get());
  int count = partitions != nullptr ? blkid_partlist_numof_partitions(partitions) : 0;
  for (int i = 0; i < count; ++i) {
    blkid_partition partition = blkid_partlist_get_partition(partitions, i);
    std::uint64_t offset =
        static_cast<std::uint64_t>(blkid_partition_get_start(partition)) * kSector;
    std::uint64_t size = static_cast<std::uint64_t>(blkid_partition_get_size(partition)) * kSector;
    Probe probe = TRY(probe_of(disk, offset, size));
    contents.push_back(content_at(probe, offset, size));
  }
  return contents;
}

}  // namespace trxkit::image
