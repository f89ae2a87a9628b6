// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// From inputs to the squashfs, its manifest and the report.
#pragma once

#include "tools/mkflashroot/options.h"

namespace trxkit::mkflashroot {

/// Writes the squashfs and its manifest, and says what was made. Returns the exit status.
Result<int> build(const Options& options, const Env& env, cli::Report& report);

}  // namespace trxkit::mkflashroot
