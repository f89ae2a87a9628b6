// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What of a disk is mapped: partition tables, FAT, ext, squashfs and swap of strangers. Ranges stay
// inside of the disk and are a set, whatever the structures say.
#include "lib/image/grown_disk.h"
#include "lib/image/mapped_blocks.h"

#include "tests/fuzz/input.h"

using namespace trxkit;

namespace {

void look_at_ranges(const image::ByteRanges& ranges, std::uint64_t size) {
  if (image::united(ranges) != ranges) std::abort();
  if (!ranges.empty() && ranges.back().end() > size) std::abort();
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  InputFile file = fuzz::memory_file(fuzz::bytes_of(data, size));
  auto mapped = image::mapped_blocks(file);
  if (mapped) look_at_ranges(mapped->ranges, file.size());
  auto growth = image::plan_growth(file, std::uint64_t{1} << 40, "USBDATA");
  if (!growth || !*growth) return 0;
  const auto& partition = (*growth)->partition;
  if ((*growth)->kept.end() > file.size()) std::abort();
  if (partition && partition->offset + (*growth)->size > (*growth)->disk_size) std::abort();
  return 0;
}
