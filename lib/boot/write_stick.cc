// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/boot/write_stick.h"

#include <algorithm>

#include "lib/boot/growth_check.h"
#include "lib/boot/write_map.h"
#include "lib/boot/write_target.h"
#include "lib/system/file.h"

namespace trxkit::boot {
namespace {

// Ordinary users may not read disks: then the plan does without.
std::vector<image::DiskContent> contents_now(const std::string& target, const Env& env) {
  auto disk = InputFile::open(target, env);
  if (!disk) return {};
  return image::disk_contents(*disk).value_or(std::vector<image::DiskContent>());
}

bool is_same_disk(const DeviceFacts& now, const DeviceFacts& then) {
  return now.serial == then.serial && now.model == then.model && now.size == then.size &&
         now.disk == then.disk;
}

// The image as it is, or with what has grown in place of what it has there.
DeviceContents contents_of(const WritePlan& plan, const image::GrownDisk* grown) {
  const image::ByteRanges& mapped = plan.blocks.ranges;
  if (grown == nullptr) return {plan.image.size(), write_ranges(plan.image, mapped)};
  const image::DiskGrowth& growth = *plan.growth;
  DeviceContents contents{growth.disk_size, write_ranges(grown->table, grown->table_own)};
  auto add = [&](const WriteRanges& ranges) {
    contents.ranges.insert(contents.ranges.end(), ranges.begin(), ranges.end());
  };
  add(write_ranges(plan.image, image::clipped(mapped, growth.kept.offset, growth.kept.end())));
  if (grown->volume) {
    add(write_ranges(*grown->volume, grown->volume_mapped, growth.partition->offset));
  }
  std::ranges::sort(contents.ranges, {}, [](const WriteRange& range) { return range.to.offset; });
  return contents;
}

}  // namespace

Result<WritePlan> plan_write(const WriteRequest& request, const Env& env) {
  TRY(keep_inputs(request.target, {request.image}));
  DeviceFacts target = TRY(env.block_devices->examine(request.target));
  InputFile image = TRY(InputFile::open(request.image, env));
  image::MappedBlocks blocks = TRY(image::mapped_blocks(image));
  Findings findings = judge_target(target, image.size(), request.allow_fixed);
  std::string block_map = TRY(use_block_map(request.image, image, blocks, findings, env));
  findings.append(judge_mapping(image.name(), blocks));
  std::optional<image::DiskGrowth> growth;
  if (!request.grow.empty()) growth = TRY(image::plan_growth(image, target.size, request.grow));
  if (growth && growth->partition) {
    findings.append(TRY(judge_growth(image, growth->size, request.grow, request.board, env)));
  }
  return WritePlan{std::move(image),
                   std::move(target),
                   std::move(blocks),
                   std::move(block_map),
                   growth,
                   contents_now(request.target, env),
                   std::move(findings)};
}

Result<BlockWriteResult> write_stick(const WritePlan& plan, const WriteRequest& request,
                                     const Env& env, const Progress& progress) {
  DeviceFacts target = TRY(env.block_devices->examine(request.target));
  if (!is_same_disk(target, plan.target)) {
    auto failure = fail_at({target.path, {}}, Code::refused, "is another disk than before: {}",
                           describe(target));
    failure.error().finding = "DEV011";
    return failure;
  }
  Findings findings = judge_target(target, plan.image.size(), request.allow_fixed);
  if (!findings.passed()) return std::unexpected(as_error(findings, Code::refused));
  std::optional<image::GrownDisk> grown;
  if (plan.growth) {
    progress("grow", 0, 0);
    grown = TRY(image::grow_disk(plan.image, *plan.growth, env));
  }
  DeviceContents contents = contents_of(plan, grown ? &*grown : nullptr);
  auto device = TRY(env.block_devices->open(request.target));
  return write_blocks(contents, *device, request.target, request.options, progress);
}

}  // namespace trxkit::boot
