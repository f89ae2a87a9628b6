// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/boot/write_stick.h"

#include "lib/boot/write_target.h"
#include "lib/system/file.h"

namespace trxkit::boot {
namespace {

// Ordinary users may not read disks: then the plan does without.
std::vector<image::DiskContent> contents_of(const std::string& target, const Env& env) {
  auto disk = InputFile::open(target, env);
  if (!disk) return {};
  return image::disk_contents(*disk).value_or(std::vector<image::DiskContent>());
}

bool is_same_disk(const DeviceFacts& now, const DeviceFacts& then) {
  return now.serial == then.serial && now.model == then.model && now.size == then.size &&
         now.disk == then.disk;
}

}  // namespace

Result<WritePlan> plan_write(const WriteRequest& request, const Env& env) {
  TRY(keep_inputs(request.target, {request.image}));
  DeviceFacts target = TRY(env.block_devices->examine(request.target));
  InputFile image = TRY(InputFile::open(request.image, env));
  image::MappedBlocks blocks = TRY(image::mapped_blocks(image));
  Findings findings = judge_target(target, image.size(), request.allow_fixed);
  findings.append(judge_mapping(image.name(), blocks));
  return WritePlan{std::move(image), std::move(target), std::move(blocks),
                   contents_of(request.target, env), std::move(findings)};
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
  auto device = TRY(env.block_devices->open(request.target));
  return write_blocks(plan.image, plan.blocks.ranges, *device, request.target, request.options,
                      progress);
}

}  // namespace trxkit::boot
