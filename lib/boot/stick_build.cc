// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/boot/stick_build.h"

namespace trxkit::boot {

Result<StickBuild> build_stick(const StickRequest& request, const std::filesystem::path& scratch,
                               const Env& env, const Progress& progress, Findings& findings) {
  StickPlan plan = TRY(plan_stick(request, env, progress, findings));
  StickParts parts = TRY(make_parts(request, plan, scratch, env, progress));
  findings.append(parts.embedded.findings);
  std::vector<BootFile> files = TRY(boot_files(request, plan, parts, env));
  return StickBuild{std::move(plan), std::move(parts), std::move(files)};
}

StickResult result_of(const StickRequest& request, const StickBuild& build, const Env& env) {
  return {.manifest = stick_manifest(request, build.plan, build.files, env),
          .embedding = build.parts.embedded.report,
          .command_line = build.parts.embedded.command_line,
          .medium = build.plan.entry.medium,
          .root_uuid = build.plan.ids.root_uuid,
          .initramfs_size = build.parts.embedded.initramfs_size,
          .kernel_size = build.parts.kernel.size,
          .root_size = build.parts.root_image.size,
          .root_content = build.plan.root_summary.content_bytes};
}

}  // namespace trxkit::boot
