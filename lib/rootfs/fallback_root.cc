// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/rootfs/fallback_root.h"

#include "lib/archive/memory.h"
#include "lib/archive/merge.h"
#include "lib/kernel/check.h"
#include "lib/kernel/command_line.h"
#include "lib/kernel/embed_command_line.h"
#include "lib/kernel/facts.h"
#include "lib/kernel/open.h"
#include "lib/kernel/root_programs.h"

namespace trxkit::rootfs {
namespace {

class FallbackKernel {
 public:
  FallbackKernel(const FallbackRootRequest& request, const board::Board& board, const Env& env,
                 Findings& findings)
      : request_(request), board_(board), env_(env), findings_(findings) {}

  /// Judges the kernel and writes it to `path` as the router gets it.
  Status write(const std::string& path) {
    kernel::OpenedKernel opened = TRY(kernel::open_kernel(request_.kernel, env_));
    Findings layout = kernel::check_layout(opened.elf, board_, kernel::Role::fallback);
    if (!layout.passed()) return std::unexpected(as_error(layout, Code::bad_input));
    findings_.append(kernel::check_packing(opened));
    findings_.append(std::move(layout));
    auto facts = TRY(kernel::read_facts(opened.file(), opened.elf, board_.kernel.machine));
    OutputFile output = TRY(OutputFile::create(path));
    std::string line = kernel::complete_command_line(request_.command_line, board_);
    Findings written = TRY(kernel::write_kexec_kernel(
        opened.file(), opened.elf,
        {.command_line = line, .keep_command_line = request_.command_line.empty()}, output));
    TRY(output.commit_scratch());
    if (!written.has("ELF061")) facts.command_line = facts.command_line.value_or("") + " " + line;
    findings_.append(std::move(written));
    return judge(opened.elf, facts);
  }

 private:
  // Against the root that it will find in the flash.
  Status judge(const kernel::KernelElf& elf, const kernel::KernelFacts& facts) {
    kernel::Surroundings surroundings{
        .root_compression = "xz",  // as image::write_squashfs() packs
        .hard_float_root = TRY(kernel::uses_floating_point(*request_.base))};
    findings_.append(kernel::check_facts(elf, facts, board_, kernel::Role::fallback, surroundings));
    return {};
  }

  const FallbackRootRequest& request_;
  const board::Board& board_;
  const Env& env_;
  Findings& findings_;
};

}  // namespace

Result<archive::SourcePointer> fallback_root(const FallbackRootRequest& request,
                                             const board::Board& board,
                                             const std::filesystem::path& folder, const Env& env,
                                             Findings& findings) {
  std::string kernel = (folder / "vmlinux.elf").string();
  TRY(FallbackKernel(request, board, env, findings).write(kernel));
  auto ours = std::make_shared<archive::MemoryTree>("the fallback kernel", env.source_date_epoch);
  ours->add_directory("");
  ours->add_directory("dev");
  ours->add_device("dev/console", archive::EntryType::character_device, 5, 1, 0600);
  TRY(ours->add_file(std::string(kFallbackKernel), kernel, 0644, env));
  return archive::merge({request.base, std::move(ours)},
                        {.latest_time = env.source_date_epoch, .filter = {}}, findings);
}

}  // namespace trxkit::rootfs
