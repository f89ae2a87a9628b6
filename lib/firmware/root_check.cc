// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// root= as the kernel reads it (linux init/do_mounts.c: name_to_dev_t(), prepare_namespace()),
// against the partitions that it will see.
#include <algorithm>
#include <charconv>
#include <ranges>

#include "lib/firmware/flash_layout.h"
#include "lib/firmware/kernel_view.h"
#include "lib/kernel/command_line.h"

namespace trxkit::firmware {
namespace {

// Major number of mtdblock devices (linux Documentation/admin-guide/devices.txt).
constexpr std::uint32_t kMtdBlockMajor = 31;

std::optional<std::uint32_t> number(std::string_view text, int base = 10) {
  std::uint32_t value = 0;
  auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (fault != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// The partition number that `root` names on devices called `prefix`N, if it names one at all.
std::optional<std::uint32_t> partition_number(std::string_view root, std::string_view prefix) {
  if (root.starts_with(prefix)) return number(root.substr(prefix.size()));
  if (prefix != "/dev/mtdblock") return std::nullopt;
  std::size_t colon = root.find(':');
  if (colon != std::string_view::npos) {
    if (number(root.substr(0, colon)) != kMtdBlockMajor) return std::nullopt;
    return number(root.substr(colon + 1));
  }
  // "1f02": 8 bits of major number, 8 bits of minor number.
  std::optional<std::uint32_t> device = number(root, 16);
  if (!device || *device >> 8 != kMtdBlockMajor) return std::nullopt;
  return *device & 0xff;
}

const KernelPartition* partition_at(const KernelView& view, std::uint64_t offset) {
  // The innermost one: partitions inside others come behind them.
  auto reversed = std::views::reverse(view.partitions);
  auto found = std::ranges::find_if(reversed, [&](const KernelPartition& partition) {
    return partition.offset == offset && partition.size != 0;
  });
  return found == reversed.end() ? nullptr : &*found;
}

std::string in_condition(const KernelView& view) {
  return view.condition.empty() ? "" : " " + view.condition;
}

class Judge {
 public:
  Judge(const board::Board& board, const ImageLayout& layout, const std::vector<KernelView>& views)
      : layout_(layout),
        views_(views),
        place_(firmware_offset(board) + layout.squashfs_offset.value_or(0)) {}

  Findings run();

 private:
  static constexpr std::string_view kByName =
      "a kernel with trxkit's flash-init finds the partition by its name, rootfs";

  Where image() const { return {.file = layout_.file, .offset = {}}; }
  bool visible();
  void by_name();
  void by_number(const std::string& root);
  std::string right_names() const;

  const ImageLayout& layout_;
  const std::vector<KernelView>& views_;
  std::uint64_t place_;  // of the squashfs in the chip
  Findings findings_;
};

bool Judge::visible() {
  bool all = true;
  for (const KernelView& view : views_) {
    if (partition_at(view, place_) != nullptr) continue;
    all = false;
    findings_.add(
        "MAP015", image(),
        fmt::format("the kernel sees no partition that starts with the squashfs at {:#x} of "
                    "the flash{}",
                    place_, in_condition(view)),
        "Linux' bcm47xxpart looks at the starts of erase blocks only");
  }
  return all;
}

void Judge::by_name() {
  for (const KernelView& view : views_) {
    auto named = std::ranges::find(view.partitions, "rootfs", &KernelPartition::name);
    if (named != view.partitions.end() && named->offset == place_) continue;
    findings_.add(
        "MAP015", image(),
        fmt::format("the kernel looks for the partition rootfs; the squashfs at {:#x} of the "
                    "flash is not the first of that name{}",
                    place_, in_condition(view)));
    return;
  }
  findings_.add("MAP016", image(), "the kernel finds its root by the partition's name, rootfs");
}

std::string Judge::right_names() const {
  std::vector<std::string> names;
  for (const KernelView& view : views_) {
    const KernelPartition* right = partition_at(view, place_);
    if (right == nullptr) continue;
    names.push_back(
        fmt::format("root={}{}{}", view.device_prefix, right->number, in_condition(view)));
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

void Judge::by_number(const std::string& root) {
  std::size_t right = 0;
  for (const KernelView& view : views_) {
    const KernelPartition* partition = partition_at(view, place_);
    std::optional<std::uint32_t> named = partition_number(root, view.device_prefix);
    if (partition != nullptr && named && *named == partition->number) ++right;
  }
  if (right == views_.size()) {
    findings_.add("MAP016", image(), fmt::format("root={} is the squashfs", root));
  } else if (right == 0) {
    findings_.add("MAP012", image(),
                  fmt::format("the kernel's root={} cannot name the squashfs", root),
                  fmt::format("right: {}; or {}", right_names(), kByName));
  } else {
    findings_.add("MAP013", image(),
                  fmt::format("whether the kernel's root={} is the squashfs depends on this unit's "
                              "boot loader: {}",
                              root, right_names()),
                  fmt::format("--cfe with a dump of it tells which; {}", kByName));
  }
}

Findings Judge::run() {
  if (!visible()) return std::move(findings_);
  if (layout_.finds_root_by_name) {
    by_name();
  } else if (!layout_.command_line) {
    findings_.add(
        "MAP016", image(),
        fmt::format("the kernel's command line is unknown; the squashfs is {}", right_names()));
  } else if (auto root = kernel::parameter(*layout_.command_line, "root")) {
    by_number(*root);
  } else {
    findings_.add("MAP014", image(),
                  "the kernel has no root= and no flash-init: only one with OpenWrt's "
                  "MTD_ROOTFS_ROOT_DEV patch finds the squashfs",
                  std::string(kByName));
  }
  return std::move(findings_);
}

}  // namespace

Findings judge_root(const board::Board& board, const ImageLayout& layout,
                    const std::vector<KernelView>& views) {
  if (!layout.squashfs_offset || views.empty()) return {};
  return Judge(board, layout, views).run();
}

}  // namespace trxkit::firmware
