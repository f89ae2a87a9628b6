// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What a magic means for the ways to upload an image, and for the firmware that reads it back.
#pragma once

#include <cstdint>

#include "lib/core/finding.h"

namespace trxkit::firmware {

/// Notes (TRX060, TRX062) and warnings (TRX061) on images whose magic is `magic`; `place` is that
/// of the magic. Nothing is known of magics that are not Belkin's or "HDR0".
Findings notes_on_magic(std::uint32_t magic, const Where& place);

}  // namespace trxkit::firmware
