// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The rules of the offset table, a piece of judge.h.
#pragma once

#include "lib/core/finding.h"
#include "lib/trx/image.h"

namespace trxkit::trx {

/// Findings TRX010 to TRX016 and those of version 2's fourth part.
void judge_offsets(const Image& image, Findings& findings);

}  // namespace trxkit::trx
