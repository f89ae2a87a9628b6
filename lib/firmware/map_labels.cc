// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/firmware/map_labels.h"

#include <algorithm>
#include <tuple>

#include "lib/core/units.h"

namespace trxkit::firmware {
namespace {

constexpr std::size_t kLongestName = 18;

// Labels that touch each other and stand together as one.
struct Cluster {
  double sum = 0;  // of the starts that its members ask for
  std::size_t count = 0;
  double start() const { return sum / static_cast<double>(count); }
};

}  // namespace

std::string offset_text(std::uint64_t offset, std::uint64_t flash_size) {
  std::size_t digits = std::max<std::size_t>(6, fmt::formatted_size("{:x}", flash_size));
  return fmt::format("{:#0{}x}", offset, digits + 2);
}

Label size_label(double target, const std::string& name, std::uint64_t size,
                 std::string_view colour) {
  std::string text = fmt::format("{}, {}", shortened(name, kLongestName), human_size(size));
  return {target, target, std::move(text), colour};
}

std::size_t characters_in(double width, double font_size) {
  // The widest of the usual sans-serif fonts, on average.
  return static_cast<std::size_t>(width / (font_size * 0.59));
}

std::string shortened(std::string text, std::size_t limit) {
  if (text.size() <= limit) return text;
  std::size_t end = limit - 1;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  text.resize(end);
  return text + "…";
}

void spread(std::vector<Label>& labels, double gap, double top, double bottom) {
  std::ranges::sort(labels, {},
                    [](const Label& label) { return std::tie(label.target, label.text); });
  // Pool adjacent violators: with the gaps in front of a label taken off, heights only have to be
  // in order.
  std::vector<Cluster> clusters;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    clusters.push_back({labels[i].target - gap * static_cast<double>(i), 1});
    while (clusters.size() > 1 &&
           clusters[clusters.size() - 2].start() >= clusters.back().start()) {
      Cluster last = clusters.back();
      clusters.pop_back();
      clusters.back().sum += last.sum;
      clusters.back().count += last.count;
    }
  }
  double lowest = bottom - gap * static_cast<double>(labels.empty() ? 0 : labels.size() - 1);
  std::size_t i = 0;
  for (const Cluster& cluster : clusters) {
    double start = std::max(top, std::min(cluster.start(), lowest));
    for (std::size_t member = 0; member < cluster.count; ++member, ++i) {
      labels[i].at = start + gap * static_cast<double>(i);
    }
  }
}

}  // namespace trxkit::firmware
