// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// An image or dump with a few bytes changed. The very bytes that are about to appear under their
// name are judged first; with an error nothing is written. The input is replaced only by an
// explicit wish.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "lib/core/finding.h"
#include "lib/core/manifest.h"
#include "lib/system/file.h"
#include "lib/system/patched_copy.h"

namespace trxkit::firmware {

/// Where the changed file goes: to `output` ("-" is standard output), or over the input.
struct PatchTarget {
  std::string output;
  bool in_place = false;
};

/// The path that `target` means for `input` (as the user named it). Errors: Code::usage unless
/// exactly one of the two is given, or for standard input in place; Code::refused where `output`
/// would replace the input or the file of the board (empty: none).
Result<std::string> path_of(const PatchTarget& target, const std::string& input,
                            const std::string& board_file = {});

/// Judges the changed file. It is called by the input's name in messages.
using PatchJudge = std::function<Result<Findings>(const InputFile& changed)>;

struct PatchReport {
  Findings findings;
  std::optional<Code> refusal;            ///< why nothing was written: the findings hold errors
  std::optional<BuildManifest> manifest;  ///< as written beside the output, none with "-"
};

/// Writes `input` changed by `patches` (which lie inside it) to `path` with the input's
/// permissions, unless `judge` finds an error. `role` is the input's and the output's in the
/// manifest ("image"). Errors: those of `judge`, Code::io.
Result<PatchReport> write_patched(const InputFile& input, const std::vector<Patch>& patches,
                                  const std::string& path, const std::string& role,
                                  const PatchJudge& judge, const Env& env);

/// Gives `copy` the permissions of `original`, so that what is secret stays so.
void keep_permissions(const InputFile& original, const std::filesystem::path& copy);

}  // namespace trxkit::firmware
