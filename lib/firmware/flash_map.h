// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The map of a flash for people: as text for terminals, as SVG for everything else. Draws what it
// is given, judges nothing.
#pragma once

#include <string>
#include <vector>

#include "lib/firmware/flash_plan.h"
#include "lib/firmware/kernel_view.h"

namespace trxkit::firmware {

struct FlashMap {
  std::string title;     ///< the board's model
  std::string subtitle;  ///< the image's name, or empty
  FlashPlan plan;
  std::vector<KernelView> views;  ///< none: no kernel's partitions are drawn
};

/// "flash of 8 MiB, erase blocks of 64 KiB (perhaps 128 KiB)".
std::string describe_chip(const FlashPlan& plan);
/// What is left: how far the image is from its limit, what JFFS2 gets. One sentence an element.
std::vector<std::string> describe_room(const FlashPlan& plan);

/// Lines for a terminal: a bar to scale (64 characters), a table, the room left.
std::vector<std::string> draw_text(const FlashMap& map);

/// One SVG document, to scale, without references to anything outside it. The same map is the same
/// bytes.
std::string draw_svg(const FlashMap& map);

}  // namespace trxkit::firmware
