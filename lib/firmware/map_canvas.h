// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What the columns of a drawn flash map share: one scale from flash offsets to pixels, boxes with
// their names inside, labels beside a column where a name does not fit.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/firmware/map_labels.h"
#include "lib/firmware/svg_writer.h"

namespace trxkit::firmware {

/// A range of the flash that bears a name.
struct NamedBox {
  SvgBox box;
  std::string_view ink;  ///< of text on it
  std::string name;
  std::uint64_t size = 0;  ///< bytes
};

class MapCanvas {
 public:
  static constexpr double kTop = 136;      ///< of the columns (pixels)
  static constexpr double kHeight = 896;   ///< of the columns: 64 KiB of 8 MiB are 7
  static constexpr double kBelow = 112;    ///< room for legend and footnotes
  static constexpr double kTwoLines = 38;  ///< height that takes a name and a size below it

  MapCanvas(double width, std::uint64_t flash_size, std::string_view title)
      : flash_size_(flash_size), svg_(width, kTop + kHeight + kBelow, title) {}

  SvgWriter& svg() { return svg_; }
  /// Where `offset` (bytes from the start of the chip) lies.
  double y(std::uint64_t offset) const {
    return kTop + kHeight * static_cast<double>(offset) / static_cast<double>(flash_size_);
  }
  SvgBox range(double left, double width, std::uint64_t from, std::uint64_t to) const {
    return {left, y(from), width, y(to) - y(from)};
  }
  /// The outline of a column.
  void frame(double left, double width);
  /// The name inside the box where it fits, otherwise into `beside`.
  void name_box(const NamedBox& item, std::vector<Label>& beside);
  /// `labels` to the right of the column that ends at `edge`, with lines to what they name.
  void labels_beside(std::vector<Label> labels, double edge);

 private:
  std::uint64_t flash_size_;
  SvgWriter svg_;
};

}  // namespace trxkit::firmware
