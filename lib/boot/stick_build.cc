// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/boot/stick_build.h"

#include "lib/boot/server_names.h"

namespace trxkit::boot {
namespace {

namespace fs = std::filesystem;

Result<EntryParts> make_parts_of(const StickRequest& request, StickPlan& plan,
                                 const TreeState& before, std::size_t number,
                                 const fs::path& scratch, const Env& env,
                                 const Progress& progress) {
  const EntryRequest& entry = request.entries.at(number);
  fs::path folder = scratch / entry.name;
  std::error_code error;
  if (!fs::create_directory(folder, error)) {
    return fail_at({folder.string(), {}}, Code::io, "cannot be made: {}", error.message());
  }
  Placement placement = [&before](const std::string& path,
                                  const PendingHash& sha256) -> Result<std::string> {
    // On a new medium nobody has to wait for the hash.
    return before.is_new(path) ? path : before.place(path, TRY(sha256.get()));
  };
  return make_parts(request, entry, plan.entries.at(number), placement, folder, env, progress);
}

EntryResult result_of(const EntryPlan& plan, const EntryParts& parts, RootForm form) {
  return {.name = plan.entry.name,
          .embedding = parts.embedded.report,
          .command_line = parts.embedded.command_line,
          .root_uuid = plan.root_uuid,
          .root = plan.root,
          .initramfs_size = parts.embedded.initramfs_size,
          .kernel_size = parts.kernel.size,
          .server_root = is_on_server(plan.entry.root) ? plan.entry.root : "",
          .root_form = form,
          .root_size = form == RootForm::partition ? plan.root_size : parts.root_image.size,
          .root_content = plan.root_summary.content_bytes};
}

}  // namespace

Result<StickBuild> build_stick(const StickRequest& request, const TreeState& before,
                               const fs::path& scratch, const Env& env, const Progress& progress,
                               Findings& findings) {
  StickBuild build{.plan = TRY(plan_stick(request, env, progress, findings))};
  for (std::size_t i = 0; i < build.plan.entries.size(); ++i) {
    build.parts.push_back(
        TRY(make_parts_of(request, build.plan, before, i, scratch, env, progress)));
    findings.append(build.parts.back().embedded.findings);
  }
  build.files = TRY(boot_files(request, build.plan, build.parts, before, env));
  return build;
}

StickResult result_of(const StickRequest& request, const StickBuild& build, const Env& env) {
  StickResult result{.manifest = stick_manifest(request, build.plan, build.files, env),
                     .medium = build.plan.medium};
  for (std::size_t i = 0; i < build.parts.size(); ++i) {
    result.entries.push_back(
        result_of(build.plan.entries[i], build.parts[i], request.entries[i].form()));
  }
  return result;
}

}  // namespace trxkit::boot
