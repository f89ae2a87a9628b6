// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/image/ext4.h"

#include <algorithm>

#include "lib/core/units.h"
#include "lib/image/ext4_fill.h"
#include "lib/image/ext4_format.h"
#include "lib/image/output_range.h"

namespace trxkit::image {
namespace {

std::unexpected<Error> too_small(const std::string& tree, std::uint64_t size,
                                 std::uint64_t missing_blocks) {
  std::uint64_t missing = std::max<std::uint64_t>(missing_blocks, 1) * kExt4BlockSize;
  return advise(
      fail_at({tree, {}}, Code::does_not_fit,
              "does not fit on an ext4 file system of {}: at least {} bytes ({}) are missing",
              human_size(size), missing, human_size(missing)),
      "make the file system larger, or leave something out");
}

// Fills `filesystem`; where it runs full, the error says how much more the rest would need.
Status fill(Ext4Filesystem& filesystem, const archive::Source& tree, Ext4Survey survey,
            std::uint64_t size) {
  std::string name = tree.name();
  Ext4Filler filler(filesystem, name, std::move(survey.link_targets));
  Ext4Needs done;
  auto reader = TRY(tree.open());
  while (auto entry = TRY(reader->next())) {
    Status added = filler.add(*entry, *reader);
    if (!added && added.error().code == Code::does_not_fit) {
      std::uint64_t needed = survey.needs.blocks;
      std::uint64_t rest = needed - std::min(done.blocks, needed);
      return too_small(name, size, rest - std::min(rest, filesystem.free_blocks()));
    }
    TRY(std::move(added));
    done.add(*entry);
  }
  return {};
}

}  // namespace

std::uint64_t ext4_size_for(std::uint64_t content_bytes, std::uint64_t paths,
                            std::uint64_t free_bytes) {
  constexpr std::uint64_t kMiB = 1 << 20;
  // A path: its last block is half empty or worse, or it is a directory of one block; an inode; a
  // directory entry of the longest name.
  constexpr std::uint64_t kPath = kExt4BlockSize + 256 + 264;
  std::uint64_t bytes = content_bytes + paths * kPath + free_bytes;
  // Spare inodes take 1/64 of the volume, bitmaps and backups of the superblock far less; group
  // descriptors, lost+found and the root directory are of fixed size.
  bytes += bytes / 48 + 2 * kMiB;
  return align_up(bytes, kMiB);
}

Status write_ext4(const archive::Source& tree, OutputFile& output, const Ext4Options& options,
                  const Env& env) {
  Ext4Survey survey = TRY(survey_ext4(tree));
  const Ext4Needs& needs = survey.needs;
  if (needs.blocks > options.size / kExt4BlockSize) {
    return too_small(tree.name(), options.size, needs.blocks - options.size / kExt4BlockSize);
  }
  std::uint32_t inodes = TRY(ext4_inode_count(needs.paths, options));
  TRY(reserve_range(output, options.offset, options.size));
  TRY(format_ext4(output, options, inodes, env));
  std::int64_t now = std::max<std::int64_t>(env.source_date_epoch, 1);
  Ext4Filesystem filesystem = TRY(Ext4Filesystem::open(output, options.offset, now));
  if (needs.blocks > filesystem.free_blocks()) {
    return too_small(tree.name(), options.size, needs.blocks - filesystem.free_blocks());
  }
  TRY(fill(filesystem, tree, std::move(survey), options.size));
  return filesystem.close();
}

}  // namespace trxkit::image
