// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The column of a drawn flash map that shows what one kernel sees, to the scale of the others.
#pragma once

#include "lib/firmware/kernel_view.h"
#include "lib/firmware/map_canvas.h"

namespace trxkit::firmware {

/// Pixels from the left edge of one such column to that of the next, labels included.
inline constexpr double kViewStep = 340;

/// Draws `view` of a flash of `flash_size` bytes with its left edge at `left` (pixels).
void draw_view(MapCanvas& canvas, const KernelView& view, std::uint64_t flash_size, double left);

}  // namespace trxkit::firmware
