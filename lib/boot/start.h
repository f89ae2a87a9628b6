// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What a user may ask of the initramfs' /init, judged before it becomes lines of a boot entry: a
// value that a shell would read otherwise than it was meant would only show on the router.
#pragma once

#include <vector>

#include "lib/core/manifest.h"
#include "lib/core/result.h"
#include "lib/rootfs/initramfs.h"
#include "lib/system/env.h"

namespace trxkit::boot {

/// Whether every value of `settings` is one that /init understands. Errors: Code::usage.
Status check_start(const rootfs::StartSettings& settings);

/// The files of `additions` as inputs of a build. Errors: Code::io.
Result<std::vector<ManifestFile>> describe_additions(const rootfs::InitramfsAdditions& additions,
                                                     const Env& env);

}  // namespace trxkit::boot
