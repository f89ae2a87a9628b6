// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Limits that the one who packs sets, beside those of the flash: how large the image may be, how
// much has to stay free behind it.
#pragma once

#include <optional>

#include "lib/board/board.h"
#include "lib/core/finding.h"
#include "lib/firmware/analysis.h"

namespace trxkit::firmware {

struct PackLimits {
  /// Bytes that the image may have, rounded up to 4 KiB as firmware-utils src/trx.c -m does.
  std::optional<std::uint64_t> maximum;
  /// Bytes that have to stay free up to nvram, from the first erase block behind the squashfs (or
  /// the image, without one) on: room for JFFS2.
  std::optional<std::uint64_t> reserve;
};

/// TRX050 and TRX051. `board` may be null where there is no reserve.
Findings judge_limits(const PackLimits& limits, const ImageLayout& layout,
                      const board::Board* board);

}  // namespace trxkit::firmware
