// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// mkflashroot --kexec-loader: the flash kernel with the search in its initramfs.
#pragma once

#include "tools/mkflashroot/options.h"

namespace trxkit::mkflashroot {

/// Writes the kernel and its manifest, and says what was made. Returns the exit status.
Result<int> build_second_stage(const Options& options, Inputs inputs, const board::Board& board,
                               const Env& env, Findings& findings, cli::Report& report);

}  // namespace trxkit::mkflashroot
