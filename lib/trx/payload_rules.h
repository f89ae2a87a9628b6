// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The rules of payloads: what the boot loader starts is complete and fits, file systems are sane.
#pragma once

#include <span>

#include "lib/board/board.h"
#include "lib/core/finding.h"
#include "lib/trx/payload.h"

namespace trxkit::trx {

/// Room for what the boot loader unpacks: from the load address to its own base (CFE
/// ui_bcm947xx.c limits the load so). Bytes; 0 where the board file contradicts itself.
std::uint64_t boot_window(const board::Board& board);

/// Whether a decoder that is known to read `known` reads a stream with `header`: the same lc, lp
/// and pb, no larger dictionary, the size stated or not as there.
bool is_packed_with(const LzmaHeader& header, const board::LzmaParameters& known);

/// Findings PAY0xx for all parts of `image`; `board` may be null.
Findings judge_payloads(const Image& image, std::span<const Payload> payloads,
                        const board::Board* board);

}  // namespace trxkit::trx
