// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/boot/root_needs.h"

#include <system_error>

#include "lib/archive/ext_source.h"
#include "lib/kernel/root_programs.h"
#include "lib/rootfs/root_input.h"
#include "lib/trx/squashfs_superblock.h"

namespace trxkit::boot {

Status look_into_root(const std::string& path, const Env& env, kernel::Surroundings& around) {
  auto root = TRY(rootfs::open_root(path, {}, env));
  around.hard_float_root = TRY(kernel::uses_floating_point(*root));
  std::error_code ignored;
  if (path == "-" || std::filesystem::is_directory(path, ignored)) return {};
  InputFile file = TRY(InputFile::open(path, env));
  if (file.size() < sizeof(trx::SquashfsSuperblock)) return {};
  auto superblock = TRY(file.read_struct<trx::SquashfsSuperblock>(0));
  if (superblock.magic == trx::kSquashfsMagic) {
    around.root_compression = trx::squashfs_compression(superblock);
  }
  return {};
}

Status look_into_volume(const VolumePlace& place, const Env& env, kernel::Surroundings& around) {
  const image::VolumeFacts& volume = place.volume;
  around.root_filesystem = volume.is_ext() ? "ext4" : volume.type;  // ext4 is what mounts them all
  if (!volume.clean) return {};
  if (place.offset == 0) return look_into_root(place.file, env, around);
  if (!volume.is_ext()) return {};
  auto file = std::make_shared<const InputFile>(TRY(InputFile::open(place.file, env)));
  auto root = TRY(archive::ext_source(std::move(file), place.offset));
  around.hard_float_root = TRY(kernel::uses_floating_point(*root));
  return {};
}

}  // namespace trxkit::boot
