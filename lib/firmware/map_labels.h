// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Labels beside a column of a drawing: each wants to stand at a height of its own, none may lie
// over another.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace trxkit::firmware {

struct Label {
  double target = 0;  ///< the height of what it names (pixels)
  double at = 0;      ///< where it stands
  std::string text;
  std::string_view colour;  ///< empty: the usual one
};

/// `offset` in hexadecimal, with as many digits as the largest offset of the flash has.
std::string offset_text(std::uint64_t offset, std::uint64_t flash_size);

/// "NAME, 64 KiB", long names shortened, at `target`.
Label size_label(double target, const std::string& name, std::uint64_t size,
                 std::string_view colour);

/// How many characters of text surely fit into `width` (pixels) at `font_size` (pixels).
std::size_t characters_in(double width, double font_size);

/// `text`, cut to at most `limit` bytes and an ellipsis where it is longer; no character of UTF-8
/// is cut in two.
std::string shortened(std::string text, std::size_t limit);

/// Sorts `labels` by target and moves them apart: `at` as close to `target` as neighbours at least
/// `gap` apart allow (least squares), within [top, bottom] as long as all of them fit there.
void spread(std::vector<Label>& labels, double gap, double top, double bottom);

}  // namespace trxkit::firmware
