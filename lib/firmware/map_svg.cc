// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The flash map as SVG: a column to scale for the flash and one for each view of the kernel, labels
// inside where there is room and beside the column otherwise, never over each other.
#include <algorithm>
#include <array>

#include "lib/core/units.h"
#include "lib/firmware/flash_map.h"
#include "lib/firmware/map_canvas.h"
#include "lib/firmware/map_style.h"
#include "lib/firmware/map_view.h"

namespace trxkit::firmware {
namespace {

// Pixels.
constexpr double kTop = MapCanvas::kTop;
constexpr double kHeight = MapCanvas::kHeight;
constexpr double kMargin = 28;
constexpr double kLeast = 720;
constexpr double kFlashLeft = 104;
constexpr double kFlashWidth = 204;
constexpr double kViewLeft = 526;
constexpr double kOffsetGap = 14;
constexpr double kClosestTicks = 3;
constexpr double kTitleSize = 21;
constexpr double kSubtitleSize = 14;
constexpr std::uint64_t kSmallestDrawn = 4096;

constexpr std::string_view kLimit = "#b8322a";
constexpr std::string_view kHeading = R"(text-anchor="middle" font-weight="600")";
constexpr std::string_view kFootnote = R"(font-size="12.5" fill="#3d4650")";
constexpr std::string_view kOffset =
    R"(text-anchor="end" font-size="11.5" fill="#3d4650" )"
    R"(font-family="'DejaVu Sans Mono', Menlo, Consolas, monospace")";

double width_of(const FlashMap& map) {
  return std::max(kLeast, kViewLeft + kViewStep * static_cast<double>(map.views.size()));
}

class Drawing {
 public:
  explicit Drawing(const FlashMap& map)
      : map_(map),
        plan_(map.plan),
        width_(width_of(map)),
        canvas_(width_, plan_.flash_size, "Flash map: " + map.title) {}
  std::string run() &&;

 private:
  void headline();
  void flash_column();
  std::uint64_t tick_step() const;
  void block_ticks();
  void offsets();
  void overrun(std::vector<Label>& beside);
  void limit_line(std::vector<Label>& beside);
  void legend();
  void footnotes();
  std::string hexadecimal(std::uint64_t offset) const {
    return offset_text(offset, plan_.flash_size);
  }

  const FlashMap& map_;
  const FlashPlan& plan_;
  double width_;
  MapCanvas canvas_;
};

void Drawing::headline() {
  // Bold letters are wider than the usual ones.
  std::size_t room = characters_in(width_ - 2 * kMargin, 1.15 * kTitleSize);
  canvas_.svg().text(kMargin, 44, fmt::format(R"(font-size="{}" font-weight="700")", kTitleSize),
                     shortened(map_.title, room));
  std::string chip = describe_chip(plan_);
  if (!map_.subtitle.empty()) {
    room = characters_in(width_ - 2 * kMargin, kSubtitleSize);
    std::size_t used = chip.size() + 6;
    chip = fmt::format("{}  ·  {}", shortened(map_.subtitle, room > used ? room - used : 1), chip);
  }
  canvas_.svg().text(kMargin, 69, fmt::format(R"(font-size="{}" fill="#55606c")", kSubtitleSize),
                     chip);
}

void Drawing::flash_column() {
  canvas_.svg().text(kFlashLeft + kFlashWidth / 2, kTop - 14, kHeading, "flash");
  std::vector<Label> beside;
  for (const FlashExtent& extent : plan_.extents) {
    if (extent.size < kSmallestDrawn) continue;
    Style style = style_of(extent.kind);
    SvgBox box = canvas_.range(kFlashLeft, kFlashWidth, extent.offset, extent.end());
    canvas_.svg().rectangle(box, fmt::format(R"(fill="{}")", style.fill));
    canvas_.name_box({box, style.text, extent.name, extent.size}, beside);
  }
  block_ticks();
  overrun(beside);
  canvas_.frame(kFlashLeft, kFlashWidth);
  limit_line(beside);
  canvas_.labels_beside(std::move(beside), kFlashLeft + kFlashWidth);
  offsets();
}

// An erase block, or as many of them as make ticks that can be told apart.
std::uint64_t Drawing::tick_step() const {
  std::uint64_t step = plan_.erase_size;
  while (canvas_.y(step) - kTop < kClosestTicks) step *= 2;
  return step;
}

// Ticks on both edges; across the column they would spoil the text.
void Drawing::block_ticks() {
  std::string ticks;
  std::uint64_t step = tick_step();
  for (std::uint64_t at = step; at < plan_.flash_size; at += step) {
    int length = at % plan_.largest_erase_size == 0 ? 10 : 5;
    ticks += fmt::format("M{:.0f} {:.2f}h{}M{:.0f} {:.2f}h-{}", kFlashLeft, canvas_.y(at), length,
                         kFlashLeft + kFlashWidth, canvas_.y(at), length);
  }
  canvas_.svg().path(ticks,
                     fmt::format(R"(stroke="{}" stroke-opacity="0.38" stroke-width="0.8")", kInk));
}

void Drawing::offsets() {
  std::vector<Label> labels;
  auto add = [&](std::uint64_t offset) {
    labels.push_back({canvas_.y(offset), canvas_.y(offset), hexadecimal(offset), {}});
  };
  // The header is too small to be drawn: its offset stands for the image's.
  bool after_header = false;
  for (const FlashExtent& extent : plan_.extents) {
    if (extent.size >= kSmallestDrawn && !after_header) add(extent.offset);
    after_header = extent.kind == ExtentKind::header;
    if (after_header) add(extent.offset);
  }
  add(plan_.flash_size);
  spread(labels, kOffsetGap, kTop, kTop + kHeight);
  for (const Label& label : labels) {
    canvas_.svg().path(fmt::format("M{:.0f} {:.1f}h-4L{:.0f} {:.1f}", kFlashLeft, label.target,
                                   kFlashLeft - 14, label.at),
                       R"(stroke="#8b949e" stroke-width="0.9")");
    canvas_.svg().text(kFlashLeft - 17, label.at + 4, kOffset, label.text);
  }
}

// What of the image lies where it must not.
void Drawing::overrun(std::vector<Label>& beside) {
  std::uint64_t end = std::min(plan_.image_end, plan_.flash_size);
  if (end <= plan_.limit) return;
  SvgBox box = canvas_.range(kFlashLeft, kFlashWidth, plan_.limit, end);
  canvas_.svg().rectangle(box, fmt::format(R"(fill="{}" fill-opacity="0.72")", kLimit));
  beside.push_back({box.y + box.height / 2, 0,
                    fmt::format("{} too long", human_size(plan_.image_end - plan_.limit)), kLimit});
}

void Drawing::limit_line(std::vector<Label>& beside) {
  double at = canvas_.y(plan_.limit);
  canvas_.svg().path(
      fmt::format("M{:.0f} {:.2f}h{:.0f}", kFlashLeft - 2, at, kFlashWidth + 4),
      fmt::format(R"(stroke="{}" stroke-width="1.8" stroke-dasharray="6 4")", kLimit));
  beside.push_back({at, at, "images end by " + hexadecimal(plan_.limit), kLimit});
}

void Drawing::legend() {
  constexpr std::array kKinds{ExtentKind::boot_loader, ExtentKind::kernel,  ExtentKind::squashfs,
                              ExtentKind::other,       ExtentKind::jffs2,   ExtentKind::nvram,
                              ExtentKind::data,        ExtentKind::padding, ExtentKind::free};
  double x = kMargin;
  double at = kTop + kHeight + 36;
  for (ExtentKind kind : kKinds) {
    auto used = [&](const FlashExtent& e) { return e.kind == kind && e.size >= kSmallestDrawn; };
    if (std::ranges::none_of(plan_.extents, used)) continue;
    canvas_.svg().rectangle({x, at - 11, 15, 13},
                            fmt::format(R"(rx="2" fill="{}" stroke="{}" stroke-opacity="0.45")",
                                        style_of(kind).fill, kInk));
    canvas_.svg().text(x + 21, at, R"(font-size="12.5")", name_of(kind));
    x += 44 + 7.2 * static_cast<double>(name_of(kind).size());
  }
}

void Drawing::footnotes() {
  double at = kTop + kHeight + 62;
  std::uint64_t step = tick_step();
  std::string ticks = fmt::format("ticks: erase blocks of {}", human_size(plan_.erase_size));
  if (step != plan_.erase_size) {
    ticks =
        fmt::format("ticks: every {}, {} erase blocks", human_size(step), step / plan_.erase_size);
  }
  if (plan_.largest_erase_size > step) {
    ticks += fmt::format(", long ones {}", human_size(plan_.largest_erase_size));
  }
  canvas_.svg().text(width_ - kMargin, at, fmt::format(R"(text-anchor="end" {})", kFootnote),
                     ticks);
  for (const std::string& line : describe_room(plan_)) {
    canvas_.svg().text(kMargin, at, kFootnote, line);
    at += 22;
  }
}

std::string Drawing::run() && {
  headline();
  flash_column();
  double left = kViewLeft;
  for (const KernelView& view : map_.views) {
    draw_view(canvas_, view, plan_.flash_size, left);
    left += kViewStep;
  }
  legend();
  footnotes();
  return std::move(canvas_.svg()).finish();
}

}  // namespace

std::string draw_svg(const FlashMap& map) {
  return Drawing(map).run();
}

}  // namespace trxkit::firmware
