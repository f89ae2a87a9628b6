// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What stick image and folder have in common: from the request to the files of /boot, in a scratch
// folder.
#pragma once

#include "lib/boot/boot_tree.h"

namespace trxkit::boot {

struct StickBuild {
  StickPlan plan;
  std::vector<EntryParts> parts = {};  ///< of each entry
  std::vector<BootFile> files = {};
};

/// Plans and makes everything, for a medium that is as `before`; large files lie in `scratch`.
/// Errors: those of write_stick_image().
Result<StickBuild> build_stick(const StickRequest& request, const TreeState& before,
                               const std::filesystem::path& scratch, const Env& env,
                               const Progress& progress, Findings& findings);

/// The result so far; outputs and image size are the caller's.
StickResult result_of(const StickRequest& request, const StickBuild& build, const Env& env);

}  // namespace trxkit::boot
