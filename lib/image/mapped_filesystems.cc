// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What ext2/3/4 (its block bitmaps, through libext2fs), squashfs and swap own. Sources: linux
// Documentation/filesystems/ext4/, squashfs_fs.h, include/linux/swap.h.
#include <memory>
#include <string>

#include <ext2fs/ext2fs.h>

#include "lib/image/block_collector.h"
#include "lib/image/swap_header.h"

namespace trxkit::image {
namespace {

constexpr std::uint64_t kSuperblock = 1024;       // bytes before ext's superblock, and its size
constexpr std::uint64_t kExtMagic = 1024 + 0x38;  // bytes
constexpr std::uint32_t kSquashfsMagic = 0x73717368;
constexpr std::uint64_t kSquashfsUsed = 40;  // where its superblock says how many bytes it takes

struct Closer {
  void operator()(ext2_filsys filesystem) const { ext2fs_free(filesystem); }
};
using Filesystem = std::unique_ptr<struct_ext2_filsys, Closer>;

// The structure or text at `offset` bytes of `volume`, if that is so long.
template <WireStruct T>
Result<std::optional<T>> read(const Volume& volume, std::uint64_t offset) {
  if (!range_inside(offset, sizeof(T), volume.place.size)) return std::nullopt;
  return TRY(volume.image.read_struct<T>(volume.place.offset + offset));
}

Status check(errcode_t code, const Volume& volume, const char* action) {
  if (code == 0) return {};
  return fail_at(volume.where(), Code::bad_input, "holds an ext file system that cannot be {}: {}",
                 action, error_message(code));
}

Result<Filesystem> open_ext(const Volume& volume) {
  std::string path = fmt::format("/proc/self/fd/{}", volume.image.descriptor());
  std::string options = fmt::format("offset={}", volume.place.offset);
  ext2_filsys raw = nullptr;
  TRY(check(
      ext2fs_open2(path.c_str(), options.c_str(), EXT2_FLAG_64BITS, 0, 0, unix_io_manager, &raw),
      volume, "opened"));
  Filesystem filesystem(raw);
  TRY(check(ext2fs_read_block_bitmap(raw), volume, "read"));
  return filesystem;
}

// Blocks that the bitmaps call used: metadata, the journal, contents of files.
Status add_used_blocks(ext2_filsys filesystem, const Volume& volume, BlockCollector& blocks) {
  blk64_t last = ext2fs_blocks_count(filesystem->super) - 1;
  blk64_t from = filesystem->super->s_first_data_block;
  while (from <= last) {
    blk64_t used = 0;
    if (ext2fs_find_first_set_block_bitmap2(filesystem->block_map, from, last, &used) != 0) break;
    blk64_t free = last + 1;
    if (ext2fs_find_first_zero_block_bitmap2(filesystem->block_map, used, last, &free) != 0) {
      free = last + 1;
    }
    TRY(blocks.add(volume, used * filesystem->blocksize, (free - used) * filesystem->blocksize));
    from = free;
  }
  return {};
}

}  // namespace

Result<bool> map_ext(const Volume& volume, BlockCollector& blocks) {
  auto magic = TRY(read<le16>(volume, kExtMagic));
  if (!magic || *magic != EXT2_SUPER_MAGIC) return false;
  Filesystem filesystem = TRY(open_ext(volume));
  // The boot block: with blocks of 1 KiB no bitmap speaks of it, but the signature of an older file
  // system would stay there.
  TRY(blocks.add(volume, 0, 2 * kSuperblock));
  TRY(add_used_blocks(filesystem.get(), volume, blocks));
  return true;
}

Result<bool> map_squashfs(const Volume& volume, BlockCollector& blocks) {
  auto magic = TRY(read<le32>(volume, 0));
  auto used = TRY(read<le64>(volume, kSquashfsUsed));
  if (!magic || !used || *magic != kSquashfsMagic) return false;
  TRY(blocks.add(volume, 0, *used));
  return true;
}

Result<bool> map_swap(const Volume& volume, BlockCollector& blocks) {
  using Magic = std::array<char, kSwapSignature.size()>;
  auto magic = TRY(read<Magic>(volume, kSwapPage - kSwapSignature.size()));
  if (!magic || std::string_view(magic->data(), magic->size()) != kSwapSignature) return false;
  TRY(blocks.add(volume, 0, kSwapPage));
  return true;
}

}  // namespace trxkit::image
