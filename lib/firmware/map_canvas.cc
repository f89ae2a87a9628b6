// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/firmware/map_canvas.h"

#include "lib/core/units.h"
#include "lib/firmware/map_style.h"

namespace trxkit::firmware {
namespace {

constexpr double kOneLine = 18;  // height that takes a label
constexpr double kLabelGap = 16;

}  // namespace

void MapCanvas::frame(double left, double width) {
  svg_.rectangle({left, kTop, width, kHeight},
                 fmt::format(R"(fill="none" stroke="{}" stroke-width="1.2")", kInk));
}

void MapCanvas::name_box(const NamedBox& item, std::vector<Label>& beside) {
  const SvgBox& box = item.box;
  double middle = box.y + box.height / 2;
  double centre = box.x + box.width / 2;
  std::string size = human_size(item.size);
  std::string line = fmt::format("{}, {}", item.name, size);
  auto style = [&](int font_size, int weight) {
    return fmt::format(R"(text-anchor="middle" font-size="{}" font-weight="{}" fill="{}")",
                       font_size, weight, item.ink);
  };
  if (box.height >= kTwoLines) {
    svg_.text(centre, middle - 3, style(13, 600),
              shortened(item.name, characters_in(box.width - 8, 13)));
    svg_.text(centre, middle + 14, style(12, 400), size);
  } else if (box.height >= kOneLine && line.size() <= characters_in(box.width - 12, 12)) {
    svg_.text(centre, middle + 4.3, style(12, 600), line);
  } else {
    beside.push_back(size_label(middle, item.name, item.size, kInk));
  }
}

void MapCanvas::labels_beside(std::vector<Label> labels, double edge) {
  spread(labels, kLabelGap, kTop, kTop + kHeight);
  for (const Label& label : labels) {
    svg_.path(
        fmt::format("M{:.0f} {:.1f}h5L{:.0f} {:.1f}h4", edge, label.target, edge + 16, label.at),
        fmt::format(R"(stroke="{}" stroke-opacity="0.7" stroke-width="0.9")", label.colour));
    svg_.text(edge + 23, label.at + 4.2, fmt::format(R"(font-size="12" fill="{}")", label.colour),
              label.text);
  }
}

}  // namespace trxkit::firmware
