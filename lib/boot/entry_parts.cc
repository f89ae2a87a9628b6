// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/boot/entry_parts.h"

#include "lib/archive/write.h"
#include "lib/boot/initramfs.h"
#include "lib/image/ext4.h"
#include "lib/image/squashfs.h"
#include "lib/kernel/check.h"
#include "lib/kernel/pack.h"
#include "lib/rootfs/wrapper_settings.h"

namespace trxkit::boot {
namespace {

// `wanted`: its path on the medium.
Result<Part> describe(const std::string& path, const std::string& wanted,
                      const Placement& placement, const Env& env) {
  InputFile file = TRY(InputFile::open(path, env));
  PendingHash sha256 = begin_hash(path, env);
  std::string place = TRY(placement(wanted, sha256));
  return Part{path, std::move(place), std::move(sha256), file.size()};
}

// Those that the user gave, and what usbboot-reset relies on.
rootfs::InitramfsAdditions additions_of(const StickRequest& request, const EntryRequest& entry,
                                        const Env& env) {
  rootfs::InitramfsAdditions additions = request.additions;
  if (!entry.resettable) return additions;
  std::string hook = (env.data_directory / "templates/hooks/10-reset").string();
  additions.hooks.push_back({.stage = rootfs::HookStage::root, .file = std::move(hook)});
  return additions;
}

Status make_kernel(const StickRequest& request, const EntryRequest& entry, const EntryPlan& plan,
                   const Placement& placement, const std::filesystem::path& folder, const Env& env,
                   EntryParts& parts) {
  archive::SourcePointer tree =
      TRY(rootfs::initramfs_tree({.busybox = request.busybox,
                                  .modules = plan.modules,
                                  .entry = plan.entry,
                                  .additions = additions_of(request, entry, env),
                                  .led = rootfs::automatic_led(request.board),
                                  .guard = request.guard},
                                 env));
  std::string initramfs = folder / "initramfs.cpio.gz";
  // Gzip: every kernel that unpacks an initramfs at all can be expected to read it, and little
  // memory suffices on a 64 MB router.
  OutputFile packed = TRY(OutputFile::create(initramfs));
  TRY(write_initramfs(*tree, kernel::Packing::gzip, packed));
  TRY(packed.commit_scratch());
  std::string path = folder / "vmlinux.elf";
  OutputFile output = TRY(OutputFile::create(path));
  InputFile archive = TRY(InputFile::open(initramfs, env));
  // A command line that nobody asked for is not worth refusing a kernel that has its own.
  parts.embedded = TRY(kernel::embed_initramfs(plan.kernel.file(), plan.kernel.elf, archive,
                                               {.command_line = plan.command_line,
                                                .ram_size = *request.board.ram_size,
                                                .keep_command_line = entry.command_line.empty()},
                                               output));
  TRY(output.commit_scratch());
  // Judged before, but now larger by the initramfs.
  Findings judged = kernel::check_layout(parts.embedded.elf, request.board, kernel::Role::stick);
  if (!judged.passed()) return std::unexpected(as_error(judged, Code::does_not_fit));
  parts.kernel =
      TRY(describe(path, fmt::format("boot/{}/vmlinux.elf", entry.name), placement, env));
  return {};
}

Status write_root(const EntryPlan& plan, RootForm form, OutputFile& output, const Env& env) {
  if (form == RootForm::image) return write_root_filesystem(plan, output, 0, plan.root_size, env);
  if (form == RootForm::squashfs) {
    TRY(image::write_squashfs(*plan.root.tree, output, {}, env));
    return {};
  }
  auto writer = archive::tar_writer([&](Bytes bytes) { return output.write(bytes); });
  return archive::copy_entries(*plan.root.tree, *writer);
}

// The URL of a root that the tree holds follows its file, which may have another name than the one
// that a router is just fetching.
std::string url_of(const std::string& url, const std::string& wanted, const std::string& place) {
  std::string name = std::filesystem::path(wanted).filename().string();
  if (!url.ends_with("/" + name)) return url;
  return url.substr(0, url.size() - name.size()) + std::filesystem::path(place).filename().string();
}

Status make_root(const EntryRequest& entry, EntryPlan& plan, const Placement& placement,
                 const std::filesystem::path& folder, const Env& env, EntryParts& parts) {
  std::string path = folder / "root.img";
  OutputFile output = TRY(OutputFile::create(path));
  TRY(write_root(plan, entry.form(), output, env));
  TRY(output.commit_scratch());
  std::string wanted = entry.root_path();
  parts.root_image = TRY(describe(path, wanted, placement, env));
  const std::string& place = parts.root_image.place;
  if (entry.server_root.empty()) plan.entry.root = "image:" + place;
  if (entry.form() != RootForm::squashfs) return {};
  plan.entry.root_sha256 = TRY(parts.root_image.sha256.get());
  if (!entry.server_root.empty()) plan.entry.root = url_of(entry.server_root, wanted, place);
  return {};
}

Status pack_root(const std::string& entry, const std::filesystem::path& folder, const Env& env,
                 EntryParts& parts) {
  InputFile image = TRY(InputFile::open(parts.root_image.path, env));
  std::string path = folder / "root.img.gz";
  OutputFile output = TRY(OutputFile::create(path));
  auto packer =
      kernel::make_packer(kernel::Packing::gzip, [&](Bytes bytes) { return output.write(bytes); });
  TRY(image.for_each_block(0, image.size(), [&](Bytes bytes) { return packer->write(bytes); }));
  TRY(packer->finish());
  TRY(output.commit_scratch());
  // usbboot-reset and its hook look for it under this name.
  Placement fixed = [](const std::string& wanted, const PendingHash&) { return wanted; };
  parts.shipped_root = TRY(describe(path, fmt::format("boot/{}/root.img.gz", entry), fixed, env));
  return {};
}

}  // namespace

Status write_root_filesystem(const EntryPlan& plan, OutputFile& output, std::uint64_t offset,
                             std::uint64_t size, const Env& env) {
  image::Ext4Options options{.label = plan.root_label, .uuid = plan.root_uuid};
  options.journal_blocks = kRootJournalBlocks;
  options.size = size;
  options.offset = offset;
  return image::write_ext4(*plan.root.tree, output, options, env);
}

Result<EntryParts> make_parts(const StickRequest& request, const EntryRequest& entry,
                              EntryPlan& plan, const Placement& placement,
                              const std::filesystem::path& folder, const Env& env,
                              const Progress& progress) {
  EntryParts parts;
  if (entry.form() != RootForm::partition && entry.form() != RootForm::none) {
    progress(fmt::format("{}: root image", entry.name), 0, 0);
    TRY(make_root(entry, plan, placement, folder, env, parts));
  }
  if (entry.resettable) TRY(pack_root(entry.name, folder, env, parts));
  progress(fmt::format("{}: kernel with initramfs", entry.name), 0, 0);
  TRY(make_kernel(request, entry, plan, placement, folder, env, parts));
  return parts;
}

}  // namespace trxkit::boot
