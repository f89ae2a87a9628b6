// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Block maps of strangers: what is taken lies inside of the image that it speaks of.
#include "lib/image/bmap.h"

#include "tests/fuzz/input.h"

using namespace trxkit;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Bytes bytes = fuzz::bytes_of(data, size);
  auto map = image::parse_bmap(as_text(bytes), "image.bmap");
  if (!map) return 0;
  image::ByteRanges ranges = map->bytes();
  if (image::united(ranges) != ranges) std::abort();
  if (!ranges.empty() && ranges.back().end() > map->image_size) std::abort();
  (void)image::check_bmap(*map, "image.bmap", fuzz::memory_file(bytes));
  return 0;
}
