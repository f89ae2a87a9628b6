// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/boot/stick_plan.h"

#include <algorithm>
#include <set>

#include "lib/boot/given_names.h"
#include "lib/boot/start.h"
#include "lib/boot/trusted_manifest.h"
#include "lib/rootfs/inputs.h"
#include "lib/signature/key_files.h"

namespace trxkit::boot {
namespace {

Status check_entries(const StickRequest& request) {
  if (request.entries.empty()) return fail(Code::usage, "a stick without boot entries");
  bool minimal = std::ranges::any_of(request.entries, &EntryRequest::minimal);
  if (!request.kexec.empty() && !minimal) {
    return advise(fail(Code::usage, "no entry has a minimal root for the program {} of --kexec",
                       request.kexec),
                  "leave --kexec out: other roots bring their own");
  }
  std::set<std::string> names;
  for (const EntryRequest& entry : request.entries) {
    if (names.insert(entry.name).second) continue;
    return fail(Code::usage, "two boot entries are called '{}'", entry.name);
  }
  return {};
}

// What /init needs for letting the data partition grow.
Status check_growth(const StickRequest& request) {
  const StickLayout& layout = request.layout;
  const rootfs::InitramfsAdditions& additions = request.additions;
  if (!layout.data_grows) {
    if (additions.resize2fs.empty()) return {};
    return fail(Code::usage, "resize2fs is for a data partition that grows (--grow-data)");
  }
  if (layout.data_size == 0) {
    return advise(fail(Code::usage, "the stick has no data partition that could grow"),
                  "--data SIZE makes one");
  }
  if (!request.guard) {
    return fail(Code::usage, "on a stick that is never written the data partition cannot grow");
  }
  if (!additions.resize2fs.empty() && additions.has_e2fsck()) return {};
  Findings findings;
  findings.add("STK010", {},
               fmt::format("the data partition cannot grow on the router without {}",
                           additions.resize2fs.empty() ? "resize2fs" : "e2fsck"),
               "--resize2fs FILE and --fsck E2FSCK; tools/target-programs has both");
  return std::unexpected(as_error(findings, Code::usage));
}

// The programs that initramfs and minimal roots are made of, and what else the user adds.
Result<std::vector<ManifestFile>> describe_programs(const StickRequest& request, const Env& env) {
  std::vector<ManifestFile> programs;
  programs.push_back(TRY(rootfs::describe_file("busybox", request.busybox, env)));
  if (!request.kexec.empty()) {
    programs.push_back(TRY(rootfs::describe_file("kexec", request.kexec, env)));
  }
  for (const ManifestFile& file : TRY(describe_additions(request.additions, env))) {
    programs.push_back(file);
  }
  return programs;
}

// Several entries may share a kernel, a root or modules.
void add_input(std::vector<ManifestFile>& inputs, const ManifestFile& input) {
  bool known = std::ranges::any_of(inputs, [&](const ManifestFile& other) {
    return other.role == input.role && other.name == input.name && other.sha256 == input.sha256;
  });
  if (!known) inputs.push_back(input);
}

StickIds ids_of(const StickRequest& request, const StickPlan& plan, const Env& env) {
  IdSeed seed;
  seed.add("version", version());
  seed.add("epoch", std::to_string(env.source_date_epoch));
  seed.add("board", request.board.name);
  seed.add("filesystem", name_of(request.layout.filesystem));
  seed.add("table", name_of(request.layout.table));
  seed.add("swap", std::to_string(request.layout.swap_size));
  seed.add("data", std::to_string(request.layout.data_size));
  for (const ManifestFile& input : plan.inputs) seed.add(input.role, input.sha256);
  for (std::size_t i = 0; i < request.entries.size(); ++i) {
    const EntryRequest& entry = request.entries[i];
    for (const ManifestFile& input : plan.entries[i].inputs) seed.add(input.role, input.sha256);
    seed.add("command line", plan.entries[i].command_line);
    seed.add("entry", rootfs::entry_text(plan.entries[i].entry, {}));
    seed.add("free", std::to_string(entry.free_bytes));
    seed.add("root", entry.as_is ? "as it is" : "prepared");
    seed.add("reset", entry.resettable ? "possible" : "not possible");
    seed.add("changes", entry.changes.text());
  }
  return seed.ids();
}

// A root image is the same whatever kernel it goes with, so that a new kernel leaves a root alone
// that a system has written into.
std::string image_uuid(const EntryRequest& request, const EntryPlan& entry, const StickPlan& plan,
                       const Env& env) {
  IdSeed seed;
  seed.add("version", version());
  seed.add("epoch", std::to_string(env.source_date_epoch));
  seed.add("free", std::to_string(request.free_bytes));
  const std::vector<ManifestFile>& inputs = request.minimal ? plan.inputs : entry.inputs;
  for (const ManifestFile& input : inputs) {
    if (input.role != "kernel" && input.role != "modules") seed.add(input.role, input.sha256);
  }
  return seed.ids().root_uuid(request.name);
}

// What only the whole stick decides.
void complete_entries(const StickRequest& request, const Env& env, StickPlan& plan) {
  for (std::size_t i = 0; i < plan.entries.size(); ++i) {
    EntryPlan& entry = plan.entries[i];
    entry.entry.medium = plan.medium;
    const VolumeNames& given = request.entries[i].root_names;
    bool partition = request.entries[i].form() == RootForm::partition;
    entry.root_uuid = !given.id.empty() ? given.id
                      : partition       ? plan.ids.root_uuid(entry.entry.name)
                                        : image_uuid(request.entries[i], entry, plan, env);
    entry.root_label = given.label;
    // What /init looks for by itself has the usual label.
    const StickLayout& layout = request.layout;
    std::string& swap = entry.entry.start.swap;
    bool unusual = layout.swap_size > 0 && layout.swap.label != kSwapLabel;
    if (unusual && swap.empty()) swap = fmt::format("label:{}", layout.swap.label);
    if (partition) entry.entry.root = fmt::format("uuid:{}", entry.root_uuid);
    if (layout.data_grows) entry.entry.grow = fmt::format("uuid:{}", plan.ids.data_uuid);
  }
}

}  // namespace

Result<StickPlan> plan_stick(const StickRequest& request, const Env& env, const Progress& progress,
                             Findings& findings) {
  TRY(check_entries(request));
  TRY(check_growth(request));
  progress("reading the inputs", 0, 0);
  StickPlan plan;
  plan.build = TRY(build_number(request.build, env.source_date_epoch));
  if (!request.sign_key.empty()) {
    plan.sign_key = TRY(signature::read_secret_key(request.sign_key, env));
  }
  for (const EntryRequest& entry : request.entries) {
    plan.entries.push_back(TRY(plan_entry(request, entry, env, findings)));
    for (const ManifestFile& input : plan.entries.back().inputs) add_input(plan.inputs, input);
  }
  for (const ManifestFile& input : TRY(describe_programs(request, env))) {
    add_input(plan.inputs, input);
  }
  plan.ids = ids_of(request, plan, env);
  TRY(take_given_names(request, plan.ids));
  bool fat = is_fat(request.layout.filesystem);
  plan.boot_id = fat ? volume_name(plan.ids.volume_id) : plan.ids.boot_uuid;
  plan.medium = named_by_label(request.layout) ? request.layout.medium : plan.boot_id;
  if (!has_medium(request.layout)) plan.medium.clear();
  complete_entries(request, env, plan);
  return plan;
}

}  // namespace trxkit::boot
