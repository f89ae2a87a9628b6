// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// From inputs to the output, its manifest and the report.
#pragma once

#include "tools/mkflashroot/options.h"

namespace trxkit::mkflashroot {

/// The manifest of an output of kind `role` whose bytes are in the file `written`. Errors:
/// Code::io.
Result<BuildManifest> manifest_of(const Options& options, const board::Board& board,
                                  const std::string& role, const std::string& written,
                                  std::vector<ManifestFile> inputs, const Env& env);

/// Writes the squashfs or kernel and its manifest, and says what was made. Returns the exit status.
Result<int> build(const Options& options, const Env& env, cli::Report& report);

}  // namespace trxkit::mkflashroot
