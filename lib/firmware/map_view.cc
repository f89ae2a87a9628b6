// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/firmware/map_view.h"

#include <algorithm>
#include <iterator>

#include "lib/firmware/map_style.h"

namespace trxkit::firmware {
namespace {

constexpr double kWidth = 126;  // pixels
constexpr std::string_view kUnseen = "in no partition";

constexpr std::string_view kHatched = R"x(fill="url(#hatch)")x";
constexpr std::string_view kHeading = R"(text-anchor="middle" font-weight="600")";
constexpr std::string_view kRemark = R"(text-anchor="middle" font-size="12" fill="#55606c")";

// Room in front of the first partition: the kernel does not see it at all.
void draw_unseen(MapCanvas& canvas, const KernelView& view, std::uint64_t flash_size, double left,
                 std::vector<Label>& beside) {
  std::uint64_t first = flash_size;
  for (const KernelPartition& partition : view.partitions) {
    if (partition.size != 0) first = std::min(first, partition.offset);
  }
  if (first == 0) return;
  SvgBox box = canvas.range(left, kWidth, 0, first);
  double middle = box.y + box.height / 2;
  canvas.svg().rectangle(box, kHatched);
  if (box.height < MapCanvas::kTwoLines) {
    beside.push_back(size_label(middle, std::string(kUnseen), first, kInk));
    return;
  }
  // Not legible on the hatching itself.
  canvas.svg().rectangle({left + 14, middle - 11, kWidth - 28, 22}, R"(rx="4" fill="#fbfbf8")");
  canvas.svg().text(left + kWidth / 2, middle + 4, kRemark, kUnseen);
}

}  // namespace

void draw_view(MapCanvas& canvas, const KernelView& view, std::uint64_t flash_size, double left) {
  double centre = left + kWidth / 2;
  double heading = MapCanvas::kTop - (view.condition.empty() ? 14 : 31);
  canvas.svg().text(centre, heading, kHeading, "the kernel sees");
  if (!view.condition.empty()) {
    canvas.svg().text(centre, MapCanvas::kTop - 13, kRemark, view.condition);
  }
  std::vector<Label> beside;
  draw_unseen(canvas, view, flash_size, left, beside);
  for (auto it = view.partitions.begin(); it != view.partitions.end(); ++it) {
    if (it->size == 0) continue;
    double inset = it->nested ? 10 : 0;
    SvgBox box = canvas.range(left + inset, kWidth - inset, it->offset, it->offset + it->size);
    canvas.svg().rectangle(box, fmt::format(R"(fill="{}" stroke="#4a5a6b" stroke-width="0.9")",
                                            it->nested ? "#c7d7ea" : "#e3eaf2"));
    std::string name = fmt::format("{}{} {}", view.short_prefix, it->number, it->name);
    // Others will be drawn over a partition that holds them.
    bool parent = !it->nested && std::next(it) != view.partitions.end() && std::next(it)->nested;
    if (parent) {
      beside.push_back(size_label(box.y + 24, name, it->size, kInk));
    } else {
      canvas.name_box({box, kInk, std::move(name), it->size}, beside);
    }
  }
  canvas.frame(left, kWidth);
  canvas.labels_beside(std::move(beside), left + kWidth);
}

}  // namespace trxkit::firmware
