// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// A /boot tree that takes the place of an older one on a medium in use. Killed at any moment, every
// boot entry is whole: the old one or the new one. Nothing is removed that this tool did not write.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "lib/boot/stick_build.h"

namespace trxkit::boot {

/// Puts the files of `build` below `root`, whose folders are there. First comes a manifest that
/// names both trees; then large files (already on the same file system) get names that nothing
/// uses; then the entries change, each at once, boot.sh last; then what no entry needs any more
/// goes, and the final manifest comes. Errors: Code::refused, before anything is written, where a
/// file of the old tree was changed by other hands, or is not ours; Code::io.
Status update_tree(const std::filesystem::path& root, const TreeState& before,
                   const StickRequest& request, const StickBuild& build, const Env& env);

}  // namespace trxkit::boot
