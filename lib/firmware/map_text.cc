// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The flash map on a terminal: plain characters, columns aligned.
#include <algorithm>
#include <array>
#include <tuple>

#include "lib/core/units.h"
#include "lib/firmware/flash_map.h"
#include "lib/firmware/map_labels.h"

namespace trxkit::firmware {
namespace {

constexpr std::size_t kBarWidth = 64;
constexpr std::size_t kTicks = 8;

char letter_of(ExtentKind kind) {
  switch (kind) {
    case ExtentKind::boot_loader:
      return 'B';
    case ExtentKind::header:
    case ExtentKind::kernel:
      return 'K';
    case ExtentKind::squashfs:
      return 'S';
    case ExtentKind::other:
      return 'P';
    case ExtentKind::padding:
      return '-';
    case ExtentKind::jffs2:
      return 'J';
    case ExtentKind::nvram:
      return 'N';
    case ExtentKind::data:
      return 'D';
    case ExtentKind::free:
      break;
  }
  return '.';
}

// Where a byte lies in the bar.
std::size_t column_of(std::uint64_t offset, std::uint64_t flash_size) {
  return static_cast<std::size_t>(offset * kBarWidth / flash_size);
}

// A character for every extent that covers most of one, and at least one for every extent that is
// no mere seam.
std::string bar(const FlashPlan& plan) {
  std::string line(kBarWidth, '.');
  std::vector<FlashExtent> by_size = plan.extents;
  std::ranges::sort(by_size, std::ranges::greater{},
                    [](const FlashExtent& extent) { return std::tie(extent.size, extent.offset); });
  for (const FlashExtent& extent : by_size) {
    if (extent.size < plan.erase_size) continue;
    std::size_t first = column_of(extent.offset, plan.flash_size);
    std::size_t last = std::max(column_of(extent.end() - 1, plan.flash_size), first);
    for (std::size_t i = first; i <= last; ++i) line[i] = letter_of(extent.kind);
  }
  // What of the image lies where it must not.
  std::uint64_t end = std::min(plan.image_end, plan.flash_size);
  for (std::uint64_t at = plan.limit; at < end; at += plan.erase_size) {
    line[column_of(at, plan.flash_size)] = '!';
  }
  return line;
}

std::string bar(const KernelView& view, std::uint64_t flash_size) {
  std::string line(kBarWidth, '.');
  for (const KernelPartition& partition : view.partitions) {
    if (partition.size == 0) continue;
    std::size_t first = column_of(partition.offset, flash_size);
    std::size_t last =
        std::max(column_of(partition.offset + partition.size - 1, flash_size), first);
    for (std::size_t i = first; i <= last; ++i) {
      line[i] = static_cast<char>('0' + partition.number % 10);
    }
  }
  return line;
}

std::string scale(std::uint64_t flash_size) {
  std::string line;
  for (std::size_t i = 0; i <= kTicks; ++i) {
    std::string tick = i == 0 ? "0" : human_size(flash_size / kTicks * i);
    // Ticks between the ends are short: the unit stands at the last one.
    if (i != kTicks) tick = tick.substr(0, tick.find(' '));
    line.resize(i * kBarWidth / kTicks, ' ');
    line += tick;
  }
  return line;
}

// The partitions of `view` that start in `extent`.
std::string starting_in(const KernelView& view, const FlashExtent& extent) {
  std::string text;
  for (const KernelPartition& partition : view.partitions) {
    if (partition.offset < extent.offset || partition.offset >= extent.end()) continue;
    if (!text.empty()) text += ", ";
    text += fmt::format("{}{} {}", view.short_prefix, partition.number, partition.name);
    if (partition.offset != extent.offset) text += fmt::format(" from {:#08x}", partition.offset);
  }
  return text;
}

using Cells = std::vector<std::string>;

void add_table(std::vector<std::string>& lines, const std::vector<Cells>& rows) {
  std::vector<std::size_t> widths(rows.front().size());
  for (const Cells& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  constexpr std::size_t kSizeColumn = 2;  // right-aligned
  for (const Cells& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += i == kSizeColumn ? fmt::format("  {:>{}}", row[i], widths[i])
                               : fmt::format("  {:<{}}", row[i], widths[i]);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    lines.push_back(std::move(line));
  }
}

}  // namespace

std::string describe_chip(const FlashPlan& plan) {
  std::string text = fmt::format("flash of {}, erase blocks of {}", human_size(plan.flash_size),
                                 human_size(plan.erase_size));
  if (plan.largest_erase_size != plan.erase_size) {
    text += fmt::format(" (perhaps {})", human_size(plan.largest_erase_size));
  }
  return text;
}

std::vector<std::string> describe_room(const FlashPlan& plan) {
  std::vector<std::string> lines;
  if (plan.image_end == 0) {
    lines.push_back(fmt::format("an image has to end at or before {:#x}", plan.limit));
    return lines;
  }
  if (plan.image_end <= plan.limit) {
    lines.push_back(fmt::format("the image ends at {:#x}: {} left up to {:#x}", plan.image_end,
                                human_size(plan.limit - plan.image_end), plan.limit));
  } else {
    lines.push_back(fmt::format("the image ends at {:#x}: {} behind {:#x}, where it has to end",
                                plan.image_end, human_size(plan.image_end - plan.limit),
                                plan.limit));
    if (!plan.overwritten.empty()) {
      lines.push_back(fmt::format("it would overwrite {}", fmt::join(plan.overwritten, " and ")));
    }
  }
  if (std::uint64_t jffs2 = plan.jffs2_size(); jffs2 != 0) {
    std::uint64_t blocks = jffs2 / plan.erase_size;
    lines.push_back(fmt::format("JFFS2 gets {}: {} erase block{} of {}", human_size(jffs2), blocks,
                                plural(blocks), human_size(plan.erase_size)));
  }
  return lines;
}

std::vector<std::string> draw_text(const FlashMap& map) {
  std::vector<std::string> lines;
  lines.push_back(map.subtitle.empty() ? map.title
                                       : fmt::format("{} with {}", map.title, map.subtitle));
  lines.push_back(describe_chip(map.plan));
  lines.emplace_back();
  lines.push_back("          " + scale(map.plan.flash_size));
  lines.push_back("  flash   " + bar(map.plan));
  for (const KernelView& view : map.views) {
    lines.push_back(
        fmt::format("  kernel  {}  {}", bar(view, map.plan.flash_size), view.condition));
    lines.back().erase(lines.back().find_last_not_of(' ') + 1);
  }
  lines.emplace_back();
  std::vector<Cells> rows{{"from", "to", "size", "content"}};
  for (const KernelView& view : map.views) {
    rows.front().push_back(view.condition.empty() ? "the kernel sees"
                                                  : "the kernel sees, " + view.condition);
  }
  for (const FlashExtent& extent : map.plan.extents) {
    Cells cells{offset_text(extent.offset, map.plan.flash_size),
                offset_text(extent.end(), map.plan.flash_size), human_size(extent.size),
                extent.name};
    for (const KernelView& view : map.views) cells.push_back(starting_in(view, extent));
    rows.push_back(std::move(cells));
  }
  add_table(lines, rows);
  lines.emplace_back();
  for (std::string& line : describe_room(map.plan)) lines.push_back("  " + std::move(line));
  return lines;
}

}  // namespace trxkit::firmware
