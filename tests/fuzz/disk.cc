// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Partition tables of disks and what lies in their partitions: whatever a stick holds, partitions
// stay inside of it.
#include "lib/image/partition_table.h"
#include "lib/image/volume_facts.h"

#include "tests/fuzz/input.h"

using namespace trxkit;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  InputFile file = fuzz::memory_file(fuzz::bytes_of(data, size));
  auto table = image::read_partition_table(file);
  if (!table) return 0;
  for (const image::FoundPartition& partition : table->partitions) {
    if (!range_inside(partition.offset, partition.size, file.size())) std::abort();
    if (!image::read_volume_facts(file, partition.offset)) std::abort();
  }
  return 0;
}
