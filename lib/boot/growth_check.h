// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Whether the router that a stick image is for can check the file system that grows while the image
// is written. The image itself says which router that is; nothing is written.
#pragma once

#include <cstdint>
#include <string>

#include "lib/core/finding.h"
#include "lib/system/env.h"
#include "lib/system/file.h"

namespace trxkit::boot {

/// Judges the file system `label` of `image`, `size` bytes large once it has grown, against the RAM
/// of `board` (as load_board() takes it; empty: of the board that boot.manifest names) and the
/// image's swap partitions. Findings: STK001; STK011 where nothing names a board that is known, and
/// not every router could check it.
/// Errors: Code::usage for an unknown `board`, Code::io.
Result<Findings> judge_growth(const InputFile& image, std::uint64_t size, const std::string& label,
                              const std::string& board, const Env& env);

}  // namespace trxkit::boot
