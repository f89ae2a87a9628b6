// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Whether the root tree of a flash image can do its work: a preinit that starts, a kexec for this
// processor, modules of the image's own kernel. Looks at the tree, changes nothing.
#pragma once

#include <string_view>

#include "lib/archive/entry.h"
#include "lib/core/finding.h"
#include "lib/firmware/analysis.h"
#include "lib/system/env.h"

namespace trxkit::rootfs {

/// Judges `root` (FSR002 to FSR011, MOD001, MOD002). `where`: the place of its squashfs, for all
/// findings. `kernel_release`: "6.1.192", as the banner of the kernel has it; empty: unknown, and
/// modules are not compared. Errors: those of reading `root`.
Result<Findings> check_root(const archive::Source& root, const Where& where,
                            std::string_view kernel_release);

/// check_root() for the first squashfs of the image `file`, of which `analysis` is. One that cannot
/// be read is FSR003; an image without a squashfs has nothing to judge. Errors: Code::io,
/// Code::external_tool where there is no sqfs2tar.
Result<Findings> check_image_root(const InputFile& file, const firmware::Analysis& analysis,
                                  const Env& env);

}  // namespace trxkit::rootfs
