// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Whether the root tree of a flash image can do its work: a preinit that starts, a kexec for this
// processor, modules of the image's own kernel; or, behind a second-stage loader, a kernel to
// start. Looks at the tree, changes nothing.
#pragma once

#include <string>

#include "lib/archive/entry.h"
#include "lib/core/finding.h"
#include "lib/firmware/analysis.h"
#include "lib/system/env.h"

namespace trxkit::rootfs {

/// What the flash kernel in front of a root says about itself.
struct FlashKernelText {
  std::string release = {};   ///< "6.1.192", as its banner has it; empty: modules are not compared
  bool second_stage = false;  ///< it looks for sticks itself and falls back to the root's kernel
};

/// Judges `root` (FSR002 to FSR011, FSR082, FSR083, MOD001, MOD002). `where`: the place of its
/// squashfs, for all findings. Errors: those of reading `root`.
Result<Findings> check_root(const archive::Source& root, const Where& where,
                            const FlashKernelText& kernel);

/// check_root() for the first squashfs of the image `file`, of which `analysis` is. One that cannot
/// be read is FSR003; an image without a squashfs has nothing to judge. Errors: Code::io,
/// Code::external_tool where there is no sqfs2tar.
Result<Findings> check_image_root(const InputFile& file, const firmware::Analysis& analysis,
                                  const Env& env);

}  // namespace trxkit::rootfs
