// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/boot/initramfs.h"

#include <filesystem>
#include <optional>

#include "lib/archive/merge.h"
#include "lib/archive/source.h"
#include "lib/archive/write.h"
#include "lib/boot/entry.h"
#include "lib/boot/stick_plan.h"
#include "lib/kernel/pack.h"
#include "lib/rootfs/inputs.h"

namespace trxkit::boot {
namespace {

Result<rootfs::BootEntry> complete(rootfs::BootEntry entry) {
  TRY(check_entry_name(entry.name));
  TRY(check_entry_value("the title", entry.title));
  TRY(check_entry_value("the medium", entry.medium));
  TRY(check_entry_value("the root", entry.root));
  if (entry.title.empty()) entry.title = entry.name;
  if (entry.medium.empty()) entry.medium = fmt::format("label:{}", kBootLabel);
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
  if (!request.modules_directory.empty()) {
    auto modules = TRY(archive::open_source(request.modules_directory, env));
    manifest.inputs.push_back(
        TRY(rootfs::describe_input("modules", request.modules_directory, *modules, env)));
  }
  return manifest;
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
  TRY(keep_inputs(output, {request.busybox, request.modules_directory}));
  InitramfsFileResult result{.manifest = {}, .entry = TRY(complete(request.entry))};
  result.manifest = TRY(manifest_of(request, env));
  archive::SourcePointer tree = TRY(rootfs::initramfs_tree(
      {.busybox = request.busybox,
       .modules_directory = request.modules_directory,
       .modules =
           request.modules_directory.empty() ? std::vector<std::string>{} : request.board.modules,
       .entry = result.entry},
      env));
  OutputFile target = TRY(OutputFile::create(output));
  TRY(write_initramfs(*tree, request.packing, target));
  result.size = target.position();
  if (target.temporary_path().empty()) return result;  // a pipe: no manifest beside it
  InputFile made = TRY(InputFile::open(target.temporary_path(), env));
  result.manifest.outputs.push_back({.role = "initramfs",
                                     .name = std::filesystem::path(output).filename().string(),
                                     .sha256 = hex(TRY(sha256_of(made))),
                                     .size = made.size()});
  OutputFile manifest = TRY(OutputFile::create(output + ".manifest.json"));
  TRY(manifest.write(as_bytes(result.manifest.json().print())));
  TRY(target.commit());
  TRY(manifest.commit());
  return result;
}

}  // namespace trxkit::boot
