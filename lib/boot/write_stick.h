// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// A stick image onto a stick, in two steps: a plan that touches nothing, for the user to look at,
// and the writing, which looks at the disk once more before it begins.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/boot/write_blocks.h"
#include "lib/core/finding.h"
#include "lib/image/disk_contents.h"
#include "lib/image/grown_disk.h"
#include "lib/image/mapped_blocks.h"
#include "lib/system/block_device.h"
#include "lib/system/env.h"

namespace trxkit::boot {

struct WriteRequest {
  std::string image;         ///< host path; "-": standard input
  std::string target;        ///< block device, or a regular file that is there already
  bool allow_fixed = false;  ///< the disk may be built in
  /// The last partition, if it has this label, grows to the end of the disk; empty: nothing does.
  std::string grow = kDataLabel;
  /// Whose memory has to suffice for checking what grows; empty: that of the board that the image
  /// names.
  std::string board = {};
  BlockWriteOptions options;
};

struct WritePlan {
  InputFile image;
  DeviceFacts target;
  image::MappedBlocks blocks;
  std::string block_map;  ///< file beside the image that the blocks are from, too; empty: none
  std::optional<image::DiskGrowth> growth;
  /// What is on the target; nothing where it cannot be read.
  std::vector<image::DiskContent> contents;
  Findings findings;  ///< where one is an error, nothing may be written
};

/// A block map beside the image (IMAGE.bmap) is compared with all that it names. Errors: Code::io;
/// those of BlockDevices::examine(), image::mapped_blocks(), use_block_map() and judge_growth();
/// Code::refused for a target that is the image.
Result<WritePlan> plan_write(const WriteRequest& request, const Env& env);

/// Carries out `plan`. Errors: those of image::grow_disk() and write_blocks(); finding DEV011 where
/// the disk was changed for another since; whatever judge_target() finds now.
Result<BlockWriteResult> write_stick(const WritePlan& plan, const WriteRequest& request,
                                     const Env& env, const Progress& progress);

}  // namespace trxkit::boot
