// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The rules of nvram: length, CRC, version, settings, what lies behind them. Pure: it gets what was
// read and reports findings NVR0xx.
#pragma once

#include <optional>

#include "lib/core/finding.h"
#include "lib/nvram/nvram.h"

namespace trxkit::nvram {

/// The findings for `nvram`; `expected_space`: the bytes at the end of the chip that the board
/// file gives it, if there is one (looked at only where it lies in the flash).
Findings judge(const Nvram& nvram, std::optional<std::uint64_t> expected_space);

}  // namespace trxkit::nvram
