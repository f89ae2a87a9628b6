// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/rootfs/second_stage.h"

#include "lib/archive/merge.h"
#include "lib/archive/write.h"
#include "lib/kernel/check.h"
#include "lib/kernel/command_line.h"
#include "lib/kernel/open.h"

namespace trxkit::rootfs {
namespace {

Result<InputFile> write_initramfs(const archive::Source& tree, const std::filesystem::path& folder,
                                  const Env& env) {
  std::filesystem::path path = folder / "initramfs.cpio";
  OutputFile output = TRY(OutputFile::create(path.string()));
  auto writer = archive::cpio_writer([&](Bytes bytes) { return output.write(bytes); });
  TRY(archive::copy_entries(tree, *writer));
  TRY(output.commit_scratch());
  return InputFile::open(path.string(), env);
}

}  // namespace

Result<kernel::EmbedResult> write_second_stage(const SecondStageRequest& request,
                                               const board::Board& board, OutputFile& output,
                                               const Env& env) {
  TemporaryDirectory folder = TRY(TemporaryDirectory::create(env.temporary_directory));
  InputFile initramfs = TRY(write_initramfs(*request.tree, folder.path(), env));
  kernel::OpenedKernel opened = TRY(kernel::open_kernel(request.kernel, env));
  auto embedded = TRY(kernel::embed_initramfs(
      opened.file(), opened.elf, initramfs,
      {.command_line = kernel::complete_command_line(request.command_line, board),
       .ram_size = *board.ram_size,
       .keep_command_line = request.command_line.empty()},
      output));
  // Judged before, but now larger by the initramfs.
  Findings judged =
      kernel::check_layout(embedded.elf, kernel::behind_loader(board), kernel::Role::flash);
  if (!judged.passed()) return std::unexpected(as_error(judged, Code::does_not_fit));
  return embedded;
}

}  // namespace trxkit::rootfs
