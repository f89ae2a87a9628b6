// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// How the kernel in an image will see the flash that holds it, and whether its root= names the
// squashfs. Where nobody knows the contents of this unit's boot loader, every possibility is
// played.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/board/board.h"
#include "lib/core/finding.h"
#include "lib/firmware/bcm47xxpart.h"
#include "lib/firmware/image_layout.h"

namespace trxkit::firmware {

/// One possible view.
struct KernelView {
  std::string condition;      ///< "if CFE carries its mark"; empty where there is one view only
  std::string device_prefix;  ///< "/dev/mtdblock" or "/dev/vda"
  std::string short_prefix;   ///< "mtd" or "vda"
  std::vector<KernelPartition> partitions;
};

/// The flash of `board`: `image` at its firmware offset (nothing where null), `cfe` (a dump of the
/// boot loader or of the whole chip) at its start, and nvram as every running router has it. The
/// files must outlive the picture.
FlashPicture compose_flash(const board::Board& board, const InputFile* image,
                           const ImageLayout* layout, const InputFile* cfe);

/// The views of a kernel on `chip`. With `cfe_known` the first block is taken as it is; otherwise
/// one view with and one without the mark by which Linux knows CFE, or one alone where they are
/// equal. `layout` (may be null) is needed for boards whose command line cuts the flash. Errors:
/// those of `chip`.
Result<std::vector<KernelView>> view_flash(const board::Board& board, const ImageLayout* layout,
                                           const FlashPicture& chip, bool cfe_known);

/// Judges how the kernel of `layout` finds its squashfs in `views` (MAP012 to MAP016). Without a
/// squashfs in the image there is nothing to find, and nothing is said.
Findings judge_root(const board::Board& board, const ImageLayout& layout,
                    const std::vector<KernelView>& views);

}  // namespace trxkit::firmware
