// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/firmware/kernel_view.h"

#include <algorithm>

#include "lib/firmware/flash_layout.h"
#include "lib/nvram/header.h"

namespace trxkit::firmware {
namespace {

bool same(const std::vector<KernelPartition>& a, const std::vector<KernelPartition>& b) {
  return std::ranges::equal(a, b, [](const KernelPartition& x, const KernelPartition& y) {
    return x.name == y.name && x.offset == y.offset && x.size == y.size;
  });
}

// The partitions of a block device whose kernel is told them by blkdevparts=: boot loader, the
// image up to its squashfs, the squashfs and the room behind it, nvram. Numbers start at 1.
std::vector<KernelPartition> cut_by_command_line(const board::Board& board,
                                                 const ImageLayout* layout) {
  std::uint64_t start = firmware_offset(board);
  std::uint64_t limit = firmware_limit(board);
  std::uint64_t root = limit;
  if (layout != nullptr && layout->squashfs_offset) {
    root = start + std::min(*layout->squashfs_offset, limit - start);
  }
  std::vector<KernelPartition> result;
  auto add = [&](std::string name, std::uint64_t from, std::uint64_t to) {
    if (from >= to) return;
    auto number = static_cast<std::uint32_t>(result.size() + 1);
    result.push_back(
        {.number = number, .name = std::move(name), .offset = from, .size = to - from});
  };
  add("boot", 0, start);
  add("linux", start, root);
  add("rootfs", root, limit);
  add("nvram", limit, *board.flash.size);
  return result;
}

}  // namespace

FlashPicture compose_flash(const board::Board& board, const InputFile* image,
                           const ImageLayout* layout, const InputFile* cfe) {
  FlashPicture chip(*board.flash.size);
  chip.add_words(*board.flash.size - board.boot_loader.nvram_space, {nvram::kMagic});
  if (cfe != nullptr) chip.add_file(0, *cfe, 0, cfe->size());
  if (image != nullptr && layout != nullptr) {
    std::uint64_t written = std::max(layout->length, layout->written_size);
    if (layout->from_flash) written = image->size();
    chip.add_file(firmware_offset(board), *image, layout->trx_offset, written);
  }
  return chip;
}

Result<std::vector<KernelView>> view_flash(const board::Board& board, const ImageLayout* layout,
                                           const FlashPicture& chip, bool cfe_known) {
  std::vector<KernelView> views;
  if (board.kernel.flash_parser == board::FlashParser::blkdevparts) {
    views.push_back({"", "/dev/vda", "vda", cut_by_command_line(board, layout)});
    return views;
  }
  std::uint64_t erase_size = *board.flash.erase_size;
  constexpr const char* kDevice = "/dev/mtdblock";
  constexpr const char* kShort = "mtd";
  std::vector<KernelPartition> plain = TRY(play_bcm47xxpart(chip, erase_size));
  if (cfe_known) {
    views.push_back({"", kDevice, kShort, std::move(plain)});
    return views;
  }
  FlashPicture marked = chip;
  marked.add_words(kCfeMarkOffset, {kCfeMark, kCfeMark});
  std::vector<KernelPartition> with_mark = TRY(play_bcm47xxpart(marked, erase_size));
  if (same(plain, with_mark)) {
    views.push_back({"", kDevice, kShort, std::move(plain)});
    return views;
  }
  views.push_back({"if CFE carries its mark", kDevice, kShort, std::move(with_mark)});
  views.push_back({"if CFE carries no mark", kDevice, kShort, std::move(plain)});
  return views;
}

}  // namespace trxkit::firmware
