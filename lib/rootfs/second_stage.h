// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// A second-stage loader: a flash kernel that has the search for sticks in its own initramfs and
// needs no root in the flash. What the search is, flash_root() knows; here it gets into the kernel.
#pragma once

#include <string>

#include "lib/archive/entry.h"
#include "lib/board/board.h"
#include "lib/kernel/embed.h"
#include "lib/system/file.h"

namespace trxkit::rootfs {

struct SecondStageRequest {
  const archive::Source* tree = nullptr;  ///< flash_root() with in_initramfs
  std::string kernel = {};                ///< host path of the flash kernel; may be compressed
  std::string command_line = {};          ///< empty: the board's
};

/// Writes the kernel with `tree` inside, as `trxtool pack --kernel` takes it. The initramfs is not
/// packed: the image packs the whole kernel, better than twice. Errors: those of open_kernel() and
/// embed_initramfs(); Code::does_not_fit where the result is too large for the board.
Result<kernel::EmbedResult> write_second_stage(const SecondStageRequest& request,
                                               const board::Board& board, OutputFile& output,
                                               const Env& env);

}  // namespace trxkit::rootfs
