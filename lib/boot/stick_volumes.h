// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The partition table of a stick and all that lies in its partitions, each written into its place
// of one image. Names no files and hashes nothing.
#pragma once

#include "lib/boot/stick_build.h"
#include "lib/boot/stick_layout.h"

namespace trxkit::boot {

/// Writes everything into `image`, an empty file; the result says what lies where.
/// `findings` gets STK001 for what the router cannot check. Errors: those of
/// write_stick_image().
Result<DiskLayout> write_volumes(const StickRequest& request, const StickBuild& build,
                                 OutputFile& image, const Env& env, Findings& findings);

}  // namespace trxkit::boot
