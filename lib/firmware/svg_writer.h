// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The few SVG elements that a flash map is drawn with. Coordinates are pixels, y downwards. Text is
// escaped; attributes are the caller's own and are not.
#pragma once

#include <string>
#include <string_view>

namespace trxkit::firmware {

struct SvgBox {
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;
};

class SvgWriter {
 public:
  /// Starts a document of `width` by `height` with a ground of its own, so that it can be read on
  /// light and dark pages alike, and the fill "url(#hatch)".
  SvgWriter(double width, double height, std::string_view title);

  void rectangle(const SvgBox& box, std::string_view attributes);
  /// A line drawing; `data` as in SVG's path element.
  void path(std::string_view data, std::string_view attributes);
  void text(double x, double y, std::string_view attributes, std::string_view content);

  /// The finished document.
  std::string finish() &&;

 private:
  std::string document_;
};

}  // namespace trxkit::firmware
