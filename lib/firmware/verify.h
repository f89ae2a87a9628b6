// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// All rules on a finished image: container, payloads, flash map, what the kernel will see.
#pragma once

#include "lib/core/finding.h"
#include "lib/firmware/analysis.h"

namespace trxkit::firmware {

struct Verdict {
  std::optional<Analysis> analysis;  ///< nothing where the file ends within the header
  Findings findings;
};

/// Judges `file`, for `board` if that is not null. `cfe` (may be null) is a dump of this unit's
/// boot loader or chip, which makes the kernel's view certain. Errors: Code::bad_input where
/// nothing in the file is recognisable as TRX, Code::io.
Result<Verdict> verify(const InputFile& file, const board::Board* board, const InputFile* cfe);

/// The rules of container, payloads and flash map for an analysed or planned image.
Findings judge(const Analysis& analysis, const ImageLayout& layout, const board::Board* board);

/// How the kernel will find its root in the flash that holds the image `file`.
Result<Findings> judge_kernel_view(const board::Board& board, const InputFile& file,
                                   const ImageLayout& layout, const InputFile* cfe);

}  // namespace trxkit::firmware
