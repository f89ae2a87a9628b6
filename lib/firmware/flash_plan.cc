// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/firmware/flash_plan.h"

#include <algorithm>
#include <tuple>

#include "lib/core/bytes.h"
#include "lib/firmware/flash_layout.h"

namespace trxkit::firmware {
namespace {

using board::PartitionRole;

constexpr std::uint64_t kHeaderV1 = 28;
constexpr std::uint64_t kHeaderV2 = 32;

ExtentKind kind_of(PartKind kind) {
  switch (kind) {
    case PartKind::kernel:
    case PartKind::loader:
      return ExtentKind::kernel;
    case PartKind::squashfs:
      return ExtentKind::squashfs;
    case PartKind::jffs2:
      return ExtentKind::jffs2;
    case PartKind::unknown:
      break;
  }
  return ExtentKind::other;
}

// Lays extents one behind the other; what would overlap an earlier one is cut off in front.
class Row {
 public:
  explicit Row(std::uint64_t end) : end_(end) {}

  void add(std::uint64_t offset, std::uint64_t to, ExtentKind kind, std::string name,
           ExtentKind between = ExtentKind::free) {
    offset = std::max(offset, place_);
    to = std::min(to, end_);
    if (offset >= to) return;
    fill(offset, between);
    extents_.push_back({offset, to - offset, kind, std::move(name)});
    place_ = to;
  }
  void fill(std::uint64_t to, ExtentKind kind) {
    to = std::min(to, end_);
    if (to <= place_) return;
    extents_.push_back({place_, to - place_, kind, std::string(name_of(kind))});
    place_ = to;
  }
  std::uint64_t place() const { return place_; }
  std::vector<FlashExtent> take() { return std::move(extents_); }

 private:
  std::uint64_t end_;
  std::uint64_t place_ = 0;
  std::vector<FlashExtent> extents_;
};

// The parts of an image by place. The squashfs ends where its superblock says.
void add_parts(Row& row, const ImageLayout& layout, std::uint64_t start) {
  std::vector<const ImagePart*> parts;
  for (const ImagePart& part : layout.parts) parts.push_back(&part);
  std::ranges::sort(parts, {},
                    [](const ImagePart* part) { return std::tie(part->offset, part->index); });
  for (const ImagePart* part : parts) {
    std::uint64_t end = checked_add(part->offset, part->size).value_or(layout.length);
    if (layout.squashfs_end && layout.squashfs_offset == part->offset)
      end = std::min(end, *layout.squashfs_end);
    row.add(checked_add(start, part->offset).value_or(~std::uint64_t{0}),
            checked_add(start, end).value_or(~std::uint64_t{0}), kind_of(part->kind), part->label,
            ExtentKind::padding);
  }
}

void add_image(Row& row, const board::Board& board, const ImageLayout& layout, std::uint64_t end) {
  std::uint64_t start = firmware_offset(board);
  std::uint64_t header = layout.version == 2 ? kHeaderV2 : kHeaderV1;
  row.add(start, start + header, ExtentKind::header, "TRX header");
  add_parts(row, layout, start);
  std::uint64_t covered = checked_add(start, layout.length).value_or(end);
  if (!layout.squashfs_end) {
    row.fill(std::min(covered, end), ExtentKind::padding);
    return;
  }
  std::uint64_t squashfs_end = checked_add(start, *layout.squashfs_end).value_or(end);
  row.fill(std::min(align_up(squashfs_end, *board.flash.erase_size), end), ExtentKind::padding);
  row.fill(end, ExtentKind::jffs2);
}

}  // namespace

std::string_view name_of(ExtentKind kind) {
  switch (kind) {
    case ExtentKind::boot_loader:
      return "boot loader";
    case ExtentKind::header:
      return "TRX header";
    case ExtentKind::kernel:
      return "kernel";
    case ExtentKind::squashfs:
      return "squashfs";
    case ExtentKind::other:
      return "other part";
    case ExtentKind::padding:
      return "padding";
    case ExtentKind::jffs2:
      return "JFFS2";
    case ExtentKind::free:
      return "free";
    case ExtentKind::nvram:
      return "nvram";
    case ExtentKind::data:
      break;
  }
  return "data";
}

std::uint64_t FlashPlan::jffs2_size() const {
  std::uint64_t size = 0;
  for (const FlashExtent& extent : extents) {
    if (extent.kind == ExtentKind::jffs2) size += extent.size;
  }
  return size;
}

FlashPlan plan_flash(const board::Board& board, const ImageLayout* layout) {
  FlashPlan plan{.flash_size = *board.flash.size,
                 .erase_size = *board.flash.erase_size,
                 .largest_erase_size = board.flash.largest_erase_size,
                 .limit = firmware_limit(board),
                 .image_end = 0,
                 .extents = {},
                 .overwritten = {}};
  if (layout != nullptr) {
    std::uint64_t written = std::max(layout->length, layout->written_size);
    plan.image_end = checked_add(firmware_offset(board), written).value_or(~std::uint64_t{0});
  }
  Row row(plan.flash_size);
  for (const board::FlashPartition& partition : board.flash.partitions) {
    std::uint64_t end = *partition.offset + *partition.size;
    row.fill(*partition.offset, ExtentKind::free);
    bool behind = *partition.offset > firmware_offset(board);
    if (behind && plan.image_end > *partition.offset) plan.overwritten.push_back(partition.name);
    switch (partition.role) {
      case PartitionRole::boot_loader:
        row.add(*partition.offset, end, ExtentKind::boot_loader, "CFE (boot loader)");
        break;
      case PartitionRole::nvram:
        row.add(*partition.offset, end, ExtentKind::nvram, "nvram");
        break;
      case PartitionRole::data:
        row.add(*partition.offset, end, ExtentKind::data, partition.name);
        break;
      case PartitionRole::firmware:
        if (layout != nullptr) add_image(row, board, *layout, end);
        row.fill(end, ExtentKind::free);
        break;
    }
  }
  row.fill(plan.flash_size, ExtentKind::free);
  plan.extents = row.take();
  return plan;
}

Json describe(const FlashPlan& plan) {
  Json extents = Json::array();
  for (const FlashExtent& extent : plan.extents) {
    extents.push(Json::object({{"offset", extent.offset},
                               {"size", extent.size},
                               {"kind", name_of(extent.kind)},
                               {"name", extent.name}}));
  }
  Json json = Json::object({{"size", plan.flash_size},
                            {"erase_size", plan.erase_size},
                            {"largest_erase_size", plan.largest_erase_size},
                            {"limit", plan.limit}});
  if (plan.image_end != 0) {
    json.set("image_end", plan.image_end);
    json.set("left", plan.image_end < plan.limit ? plan.limit - plan.image_end : 0);
    json.set("jffs2_size", plan.jffs2_size());
  }
  json.set("extents", std::move(extents));
  return json;
}

}  // namespace trxkit::firmware
