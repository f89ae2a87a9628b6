// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// An output and the manifest beside it: they take the place of no input, and appear together.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "lib/core/manifest.h"
#include "lib/system/file.h"

namespace trxkit {

/// keep_inputs() for `output` and for the manifest that will stand beside it.
Status keep_build_inputs(const std::string& output, const std::vector<std::string>& inputs);

/// Gives `file`, created for the path `output`, its name, and writes `manifest` beside it as
/// OUTPUT.manifest.json; `others` are complete and get their names with them. Errors: Code::io, and
/// then nothing is left behind.
Status commit_build(OutputFile& file, const std::string& output, const BuildManifest& manifest,
                    std::span<OutputFile* const> others = {});

}  // namespace trxkit
