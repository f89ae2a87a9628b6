// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Loaders of others in part 1 (OpenWrt's lzma-loader and its relatives), which look for the image
// in the flash again and unpack a kernel from part 2: whether this one will find and start its
// kernel. Only what their code shows is judged.
#pragma once

#include <span>

#include "lib/board/board.h"
#include "lib/core/finding.h"
#include "lib/trx/payload.h"

namespace trxkit::trx {

/// Findings PAY014, PAY020 to PAY023 and PAY026 where part 1 of `payloads` is such a loader;
/// `board` may be null. Sources: OpenWrt target/linux/bcm47xx/image/lzma-loader/src/decompress.c
/// and Makefile.
Findings judge_foreign_loader(const Image& image, std::span<const Payload> payloads,
                              const board::Board* board);

}  // namespace trxkit::trx
