// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/rootfs/flash_kernel.h"

#include "lib/kernel/check.h"
#include "lib/kernel/root_programs.h"
#include "lib/rootfs/modules.h"

namespace trxkit::rootfs {

Result<std::optional<FlashKernel>> open_flash_kernel(const FlashRootRequest& request,
                                                     const board::Board& board, const Env& env) {
  if (request.kernel.empty()) return std::nullopt;
  auto opened = TRY(kernel::open_kernel(request.kernel, env));
  auto facts = TRY(kernel::read_facts(opened.file(), opened.elf, board.kernel.machine));
  return FlashKernel{std::move(opened), std::move(facts)};
}

Status judge_flash_kernel(const FlashKernel& flash_kernel, const FlashRootRequest& request,
                          const board::Board& board, const archive::Source& root,
                          Findings& findings) {
  kernel::Surroundings surroundings{.root_compression = "xz",  // as image::write_squashfs() packs
                                    .hard_float_root = TRY(kernel::uses_floating_point(root)),
                                    .network = !request.wrapper.url.empty()};
  if (request.in_initramfs) {
    surroundings.root_compression = "";
    surroundings.brings_modules = !request.modules.empty();
    surroundings.gets_initramfs = true;
    surroundings.second_stage = true;
  }
  board::Board judged = kernel::behind_loader(board);
  const kernel::KernelElf& elf = flash_kernel.opened.elf;
  findings.append(kernel::check_packing(flash_kernel.opened));
  findings.append(kernel::check_layout(elf, judged, kernel::Role::flash));
  findings.append(
      kernel::check_facts(elf, flash_kernel.facts, judged, kernel::Role::flash, surroundings));
  return {};
}

Result<kernel::ModulePlan> plan_flash_modules(const FlashRootRequest& request,
                                              const board::Board& board,
                                              const FlashKernel* flash_kernel, const Env& env,
                                              Findings& findings) {
  if (request.modules.empty()) return kernel::ModulePlan{};
  auto set = TRY(kernel::ModuleSet::open(request.modules, env, findings));
  return kernel::plan_modules(set, modules_to_load(board.modules, "image:"),
                              flash_kernel == nullptr ? nullptr : &flash_kernel->facts, findings);
}

}  // namespace trxkit::rootfs
