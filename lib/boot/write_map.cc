// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/boot/write_map.h"

#include <filesystem>

#include "lib/core/units.h"
#include "lib/image/bmap.h"

namespace trxkit::boot {
namespace {

// 100,000 ranges; a stick that was just made has some hundreds.
constexpr std::uint64_t kLongestMap = 16 << 20;

}  // namespace

Result<std::string> use_block_map(const std::string& path, const InputFile& image,
                                  image::MappedBlocks& blocks, Findings& findings, const Env& env) {
  std::string name = path + ".bmap";
  std::error_code ignored;
  if (path == "-" || !std::filesystem::exists(name, ignored)) return std::string();
  std::string text = TRY(read_text_file(name, env, kLongestMap));
  image::BlockMap map = TRY(image::parse_bmap(text, name));
  TRY(image::check_bmap(map, name, image));
  image::ByteRanges named = map.bytes();
  image::ByteRanges known = image::without(blocks.ranges, blocks.opaque);
  image::ByteRanges left_out = image::without(known, named);
  if (!left_out.empty()) {
    findings.add("DEV014", {name, {}},
                 fmt::format("leaves out {} of what the image's file systems own, from {:#x} on; "
                             "that is written, too",
                             human_size(image::bytes_of(left_out)), left_out.front().offset),
                 "it was made from holes of the file: mkbootusb image makes one that is not");
  }
  named.insert(named.end(), known.begin(), known.end());
  blocks = {.ranges = image::united(std::move(named)), .opaque = {}};
  return name;
}

}  // namespace trxkit::boot
