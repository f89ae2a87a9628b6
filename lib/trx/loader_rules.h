// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Everything that trxkit's loader checks on the router, checked on the host, and whether it was
// made ready for this board.
#pragma once

#include "lib/board/board.h"
#include "lib/core/finding.h"
#include "lib/trx/payload.h"

namespace trxkit::trx {

/// Whether the loader reads LZMA streams with `header` (loader/decoder.h).
bool loader_unpacks(const LzmaHeader& header);

/// Findings PAY015 to PAY018 for `payload`, which has a loader; `board` may be null.
Findings judge_loader(const Image& image, const Payload& payload, const board::Board* board);

}  // namespace trxkit::trx
