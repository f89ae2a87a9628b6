// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/boot/initramfs.h"

#include <filesystem>
#include <optional>

#include "lib/archive/merge.h"
#include "lib/archive/write.h"
#include "lib/boot/entry.h"
#include "lib/boot/server_names.h"
#include "lib/boot/start.h"
#include "lib/boot/stick_plan.h"
#include "lib/kernel/pack.h"
#include "lib/rootfs/inputs.h"
#include "lib/rootfs/modules.h"
#include "lib/rootfs/wrapper_settings.h"
#include "lib/system/build_output.h"

namespace trxkit::boot {
namespace {

Result<rootfs::BootEntry> complete(rootfs::BootEntry entry) {
  TRY(check_entry_name(entry.name));
  TRY(check_entry_value("the title", entry.title));
  TRY(check_entry_value("the medium", entry.medium));
  TRY(check_entry_value("the root", entry.root));
  TRY(check_start(entry.start));
  if (is_on_server(entry.root)) TRY(check_server_root(entry.root));
  if (entry.title.empty()) entry.title = entry.name;
  if (entry.medium.empty()) entry.medium = fmt::format("label:{}", kBootLabel);
  if (entry.medium == "none") entry.medium.clear();
  if (entry.root.empty()) entry.root = fmt::format("image:boot/{}/root.img", entry.name);
  return entry;
}

Result<BuildManifest> manifest_of(const InitramfsFileRequest& request, const Env& env) {
  BuildManifest manifest;
  manifest.tool = "mkbootusb";
  manifest.version = version();
  manifest.board = request.board.name;
  manifest.source_date_epoch = env.source_date_epoch;
  manifest.inputs.push_back(TRY(rootfs::describe_file("busybox", request.busybox, env)));
  for (const std::string& path : request.modules) {
    manifest.inputs.push_back(TRY(rootfs::describe_modules(path, env)));
  }
  for (const ManifestFile& file : TRY(describe_additions(request.additions, env))) {
    manifest.inputs.push_back(file);
  }
  return manifest;
}

// The kernel is not known: the modules are compared with each other.
Result<kernel::ModulePlan> plan_modules(const InitramfsFileRequest& request,
                                        const rootfs::BootEntry& entry, const Env& env,
                                        Findings& findings) {
  if (request.modules.empty()) return kernel::ModulePlan{};
  auto set = TRY(kernel::ModuleSet::open(request.modules, env, findings));
  auto wanted = rootfs::modules_to_load(request.board.modules, entry.root);
  auto plan = TRY(kernel::plan_modules(set, wanted, nullptr, findings));
  if (!findings.passed()) return std::unexpected(as_error(findings, Code::bad_input));
  return plan;
}

}  // namespace

Status write_initramfs(const archive::Source& tree, kernel::Packing packing, OutputFile& output) {
  auto packer = kernel::make_packer(packing, [&](Bytes bytes) { return output.write(bytes); });
  if (packer == nullptr) {
    return fail(Code::usage, "no initramfs is packed with {} here", kernel::name_of(packing));
  }
  auto writer = archive::cpio_writer([&](Bytes bytes) { return packer->write(bytes); });
  TRY(archive::copy_entries(tree, *writer));
  return packer->finish();
}

Result<InitramfsFileResult> write_initramfs_file(const InitramfsFileRequest& request,
                                                 const std::string& output, const Env& env) {
  std::vector<std::string> files = request.modules;
  files.push_back(request.board.file);
  files.push_back(request.busybox);
  for (std::string& file : request.additions.files_read()) files.push_back(std::move(file));
  TRY(keep_build_inputs(output, files));
  InitramfsFileResult result{.manifest = {}, .entry = TRY(complete(request.entry))};
  result.manifest = TRY(manifest_of(request, env));
  auto modules = TRY(plan_modules(request, result.entry, env, result.findings));
  archive::SourcePointer tree =
      TRY(rootfs::initramfs_tree({.busybox = request.busybox,
                                  .modules = std::move(modules),
                                  .entry = result.entry,
                                  .additions = request.additions,
                                  .led = rootfs::automatic_led(request.board)},
                                 env));
  OutputFile target = TRY(OutputFile::create(output));
  TRY(write_initramfs(*tree, request.packing, target));
  result.size = target.position();
  if (target.written_directly()) return result;  // a pipe: no manifest beside it
  InputFile made = TRY(InputFile::open(target.temporary_path(), env));
  result.manifest.outputs.push_back({.role = "initramfs",
                                     .name = std::filesystem::path(output).filename().string(),
                                     .sha256 = hex(TRY(sha256_of(made))),
                                     .size = made.size()});
  TRY(commit_build(target, output, result.manifest));
  return result;
}

}  // namespace trxkit::boot
