// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The flash map as SVG: a column to scale for the flash and one for each view of the kernel, labels
// inside where there is room and beside the column otherwise, never over each other.
#include <algorithm>
#include <array>
#include <iterator>

#include "lib/core/units.h"
#include "lib/firmware/flash_map.h"
#include "lib/firmware/map_labels.h"
#include "lib/firmware/map_style.h"
#include "lib/firmware/svg_writer.h"

namespace trxkit::firmware {
namespace {

// Pixels. 64 KiB of an 8 MiB flash are 7 high.
constexpr double kMargin = 28;
constexpr double kTop = 136;
constexpr double kHeight = 896;
constexpr double kBelow = 112;
constexpr double kLeast = 720;
constexpr double kFlashLeft = 104;
constexpr double kFlashWidth = 204;
constexpr double kViewLeft = 526;
constexpr double kViewWidth = 126;
constexpr double kViewStep = 340;
constexpr double kLabelGap = 16;
constexpr double kOffsetGap = 14;
constexpr double kOneLine = 18;   // height that takes a label
constexpr double kTwoLines = 38;  // and its size below it
constexpr std::uint64_t kSmallestDrawn = 4096;

constexpr std::string_view kLimit = "#b8322a";
constexpr std::string_view kHatched = R"x(fill="url(#hatch)")x";
constexpr std::string_view kHeading = R"(text-anchor="middle" font-weight="600")";
constexpr std::string_view kRemark = R"(text-anchor="middle" font-size="12" fill="#55606c")";
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
        svg_(width_, kTop + kHeight + kBelow, "Flash map: " + map.title) {}
  std::string run() &&;

 private:
  struct Box {
    SvgBox box;
    std::string_view ink;
    std::string name;
    std::uint64_t size;
  };

  double y(std::uint64_t offset) const {
    return kTop + kHeight * static_cast<double>(offset) / static_cast<double>(plan_.flash_size);
  }
  SvgBox range(double left, double width, std::uint64_t from, std::uint64_t to) const {
    return {left, y(from), width, y(to) - y(from)};
  }
  void frame(double left, double width) {
    svg_.rectangle({left, kTop, width, kHeight},
                   fmt::format(R"(fill="none" stroke="{}" stroke-width="1.2")", kInk));
  }
  void headline();
  void flash_column();
  void block_ticks();
  void offsets();
  void limit_line(std::vector<Label>& beside);
  void view_column(const KernelView& view, double left);
  void unseen(const KernelView& view, double left);
  void name_box(const Box& box, std::vector<Label>& beside);
  void labels_beside(std::vector<Label> labels, double edge);
  void legend();
  void footnotes();

  const FlashMap& map_;
  const FlashPlan& plan_;
  double width_;
  SvgWriter svg_;
};

void Drawing::headline() {
  svg_.text(kMargin, 44, R"(font-size="21" font-weight="700")", map_.title);
  std::string chip = describe_chip(plan_);
  if (!map_.subtitle.empty()) chip = map_.subtitle + "  ·  " + chip;
  svg_.text(kMargin, 69, R"(font-size="14" fill="#55606c")", chip);
}

// The name inside the box where it fits, otherwise into `beside`.
void Drawing::name_box(const Box& item, std::vector<Label>& beside) {
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

void Drawing::flash_column() {
  svg_.text(kFlashLeft + kFlashWidth / 2, kTop - 14, kHeading, "flash");
  std::vector<Label> beside;
  for (const FlashExtent& extent : plan_.extents) {
    if (extent.size < kSmallestDrawn) continue;
    Style style = style_of(extent.kind);
    SvgBox box = range(kFlashLeft, kFlashWidth, extent.offset, extent.end());
    svg_.rectangle(box, fmt::format(R"(fill="{}")", style.fill));
    name_box({box, style.text, extent.name, extent.size}, beside);
  }
  block_ticks();
  frame(kFlashLeft, kFlashWidth);
  limit_line(beside);
  labels_beside(std::move(beside), kFlashLeft + kFlashWidth);
  offsets();
}

// A tick on both edges for every erase block; across the column they would spoil the text.
void Drawing::block_ticks() {
  std::string ticks;
  for (std::uint64_t at = plan_.erase_size; at < plan_.flash_size; at += plan_.erase_size) {
    int length = at % plan_.largest_erase_size == 0 ? 10 : 5;
    ticks += fmt::format("M{:.0f} {:.2f}h{}M{:.0f} {:.2f}h-{}", kFlashLeft, y(at), length,
                         kFlashLeft + kFlashWidth, y(at), length);
  }
  svg_.path(ticks, fmt::format(R"(stroke="{}" stroke-opacity="0.38" stroke-width="0.8")", kInk));
}

void Drawing::offsets() {
  std::vector<Label> labels;
  auto add = [&](std::uint64_t offset) {
    labels.push_back({y(offset), y(offset), fmt::format("{:#08x}", offset), {}});
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
    svg_.path(fmt::format("M{:.0f} {:.1f}h-4L{:.0f} {:.1f}", kFlashLeft, label.target,
                          kFlashLeft - 14, label.at),
              R"(stroke="#8b949e" stroke-width="0.9")");
    svg_.text(kFlashLeft - 17, label.at + 4, kOffset, label.text);
  }
}

void Drawing::limit_line(std::vector<Label>& beside) {
  double at = y(plan_.limit);
  svg_.path(fmt::format("M{:.0f} {:.2f}h{:.0f}", kFlashLeft - 2, at, kFlashWidth + 4),
            fmt::format(R"(stroke="{}" stroke-width="1.8" stroke-dasharray="6 4")", kLimit));
  beside.push_back({at, at, fmt::format("images end by {:#08x}", plan_.limit), kLimit});
}

void Drawing::labels_beside(std::vector<Label> labels, double edge) {
  spread(labels, kLabelGap, kTop, kTop + kHeight);
  for (const Label& label : labels) {
    svg_.path(
        fmt::format("M{:.0f} {:.1f}h5L{:.0f} {:.1f}h4", edge, label.target, edge + 16, label.at),
        fmt::format(R"(stroke="{}" stroke-opacity="0.7" stroke-width="0.9")", label.colour));
    svg_.text(edge + 23, label.at + 4.2, fmt::format(R"(font-size="12" fill="{}")", label.colour),
              label.text);
  }
}

// Room in front of the first partition: the kernel does not see it at all.
void Drawing::unseen(const KernelView& view, double left) {
  std::uint64_t first = plan_.flash_size;
  for (const KernelPartition& partition : view.partitions) {
    if (partition.size != 0) first = std::min(first, partition.offset);
  }
  if (first == 0) return;
  SvgBox box = range(left, kViewWidth, 0, first);
  svg_.rectangle(box, kHatched);
  if (box.height < kTwoLines) return;
  double middle = box.y + box.height / 2;
  // Not legible on the hatching itself.
  svg_.rectangle({left + 14, middle - 11, kViewWidth - 28, 22}, R"(rx="4" fill="#fbfbf8")");
  svg_.text(left + kViewWidth / 2, middle + 4, kRemark, "in no partition");
}

void Drawing::view_column(const KernelView& view, double left) {
  double centre = left + kViewWidth / 2;
  svg_.text(centre, kTop - (view.condition.empty() ? 14 : 31), kHeading, "the kernel sees");
  if (!view.condition.empty()) svg_.text(centre, kTop - 13, kRemark, view.condition);
  unseen(view, left);
  std::vector<Label> beside;
  for (auto it = view.partitions.begin(); it != view.partitions.end(); ++it) {
    if (it->size == 0) continue;
    double inset = it->nested ? 10 : 0;
    SvgBox box = range(left + inset, kViewWidth - inset, it->offset, it->offset + it->size);
    svg_.rectangle(box, fmt::format(R"(fill="{}" stroke="#4a5a6b" stroke-width="0.9")",
                                    it->nested ? "#c7d7ea" : "#e3eaf2"));
    std::string name = fmt::format("{}{} {}", view.short_prefix, it->number, it->name);
    // Others will be drawn over a partition that holds them.
    bool parent = !it->nested && std::next(it) != view.partitions.end() && std::next(it)->nested;
    if (parent) {
      beside.push_back(size_label(box.y + 24, name, it->size, kInk));
    } else {
      name_box({box, kInk, std::move(name), it->size}, beside);
    }
  }
  frame(left, kViewWidth);
  labels_beside(std::move(beside), left + kViewWidth);
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
    svg_.rectangle({x, at - 11, 15, 13},
                   fmt::format(R"(rx="2" fill="{}" stroke="{}" stroke-opacity="0.45")",
                               style_of(kind).fill, kInk));
    svg_.text(x + 21, at, R"(font-size="12.5")", name_of(kind));
    x += 44 + 7.2 * static_cast<double>(name_of(kind).size());
  }
}

void Drawing::footnotes() {
  double at = kTop + kHeight + 62;
  std::string ticks = fmt::format("ticks: erase blocks of {}", human_size(plan_.erase_size));
  if (plan_.largest_erase_size != plan_.erase_size) {
    ticks += fmt::format(", long ones {}", human_size(plan_.largest_erase_size));
  }
  svg_.text(width_ - kMargin, at, fmt::format(R"(text-anchor="end" {})", kFootnote), ticks);
  for (const std::string& line : describe_room(plan_)) {
    svg_.text(kMargin, at, kFootnote, line);
    at += 22;
  }
}

std::string Drawing::run() && {
  headline();
  flash_column();
  double left = kViewLeft;
  for (const KernelView& view : map_.views) {
    view_column(view, left);
    left += kViewStep;
  }
  legend();
  footnotes();
  return std::move(svg_).finish();
}

}  // namespace

std::string draw_svg(const FlashMap& map) {
  return Drawing(map).run();
}

}  // namespace trxkit::firmware
