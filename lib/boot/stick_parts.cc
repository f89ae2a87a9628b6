// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/boot/stick_parts.h"

#include <algorithm>

#include "lib/core/units.h"
#include "lib/image/ext4.h"

namespace trxkit::boot {
namespace {

// The smallest journal that ext4 has (1024 blocks of 4 KiB): a router is switched off by pulling
// its plug.
constexpr std::uint32_t kRootJournal = 1024;
// mke2fs refuses a journal of more than half of the free blocks (e2fsprogs misc/util.c,
// figure_journal_size).
constexpr std::uint64_t kSmallestRoot = 16 << 20;

Result<Part> describe(const std::string& path, const Env& env) {
  InputFile file = TRY(InputFile::open(path, env));
  return Part{path, hex(TRY(sha256_of(file))), file.size()};
}

Status make_kernel(const StickRequest& request, const StickPlan& plan,
                   const std::filesystem::path& folder, const Env& env, StickParts& parts) {
  archive::SourcePointer tree = TRY(rootfs::initramfs_tree(
      {.busybox = request.busybox,
       .modules_directory = request.modules_directory,
       .modules =
           request.modules_directory.empty() ? std::vector<std::string>{} : request.board.modules,
       .entry = plan.entry},
      env));
  std::string initramfs = folder / "initramfs.cpio.gz";
  TRY(write_initramfs(*tree, initramfs));
  std::string path = folder / "vmlinux.elf";
  OutputFile output = TRY(OutputFile::create(path));
  InputFile archive = TRY(InputFile::open(initramfs, env));
  parts.embedded = TRY(kernel::embed_initramfs(
      plan.kernel, plan.elf, archive,
      {.command_line = plan.command_line, .ram_size = *request.board.ram_size}, output));
  TRY(output.commit());
  parts.kernel = TRY(describe(path, env));
  return {};
}

// Free room and journal. 16 TiB is ext4's limit with 4 KiB blocks; FAT's is far below.
Result<std::uint64_t> room_beside_files(const StickRequest& request) {
  constexpr std::uint64_t kLimit = std::uint64_t{1} << 44;
  if (request.free_bytes > kLimit) {
    return fail(Code::does_not_fit, "{} of free room are more than a root image can have",
                human_size(request.free_bytes));
  }
  return request.free_bytes + kRootJournal * std::uint64_t{4096};
}

Status make_root(const StickRequest& request, const StickPlan& plan,
                 const std::filesystem::path& folder, const Env& env, StickParts& parts) {
  std::string path = folder / "root.img";
  OutputFile output = TRY(OutputFile::create(path));
  image::Ext4Options options{.label = kRootLabel, .uuid = plan.ids.root_uuid};
  options.journal_blocks = kRootJournal;
  std::uint64_t room = TRY(room_beside_files(request));
  options.size = std::max(kSmallestRoot, image::ext4_size_for(plan.root_summary.content_bytes,
                                                              plan.root_summary.paths, room));
  TRY(image::write_ext4(*plan.root, output, options, env));
  TRY(output.commit());
  parts.root_image = TRY(describe(path, env));
  return {};
}

}  // namespace

Result<StickParts> make_parts(const StickRequest& request, const StickPlan& plan,
                              const std::filesystem::path& folder, const Env& env,
                              const Progress& progress) {
  StickParts parts;
  progress("kernel with initramfs", 0, 0);
  TRY(make_kernel(request, plan, folder, env, parts));
  progress("root image", 0, 0);
  TRY(make_root(request, plan, folder, env, parts));
  return parts;
}

}  // namespace trxkit::boot
