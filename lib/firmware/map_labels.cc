// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/firmware/map_labels.h"

#include <algorithm>

namespace trxkit::firmware {
namespace {

// Labels that touch each other and stand together as one.
struct Cluster {
  double sum = 0;  // of the starts that its members ask for
  std::size_t count = 0;
  double start() const { return sum / static_cast<double>(count); }
};

}  // namespace

void spread(std::vector<Label>& labels, double gap, double top, double bottom) {
  std::ranges::stable_sort(labels, {}, &Label::target);
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
