// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/boot/kernel_check.h"

#include "lib/boot/root_needs.h"
#include "lib/kernel/module_plan.h"
#include "lib/kernel/open.h"
#include "lib/rootfs/modules.h"

namespace trxkit::boot {
namespace {

Status check_modules(const KernelCheckRequest& request, const Env& env, KernelCheckResult& result) {
  if (request.modules.empty()) return {};
  // Most sticks have their roots as images on them.
  std::string root = request.around.root.empty() ? "image:" : request.around.root;
  std::vector<std::string> wanted = rootfs::modules_to_load(request.board.modules, root);
  auto set = TRY(kernel::ModuleSet::open(request.modules, env, result.findings));
  kernel::KernelFacts* facts = result.facts ? &*result.facts : nullptr;
  auto plan = TRY(kernel::plan_modules(set, wanted, facts, result.findings));
  for (const kernel::Module& module : plan.modules) result.load_order.push_back(module.name);
  return {};
}

}  // namespace

Result<KernelCheckResult> check_kernel_file(const KernelCheckRequest& request, const Env& env) {
  KernelCheckResult result;
  auto opened = kernel::open_kernel(request.kernel, env, request.name);
  if (!opened) {
    result.findings = kernel::findings_of(opened.error());
    if (result.findings.passed()) return std::unexpected(std::move(opened).error());
    return result;
  }
  kernel::Surroundings around = request.around;
  if (!request.rootfs.empty()) TRY(look_into_root(request.rootfs, env, around));
  if (!request.modules.empty()) around.brings_modules = true;
  result.findings = kernel::check_packing(*opened);
  result.elf = opened->elf;
  bool in_flash = request.role == kernel::Role::flash;
  board::Board board = in_flash ? kernel::behind_loader(request.board) : request.board;
  result.findings.append(kernel::check_layout(opened->elf, board, request.role));
  if (!kernel::worth_reading(opened->elf)) return result;
  result.facts = TRY(kernel::read_facts(opened->file(), opened->elf, request.board.kernel.machine));
  result.findings.append(
      kernel::check_facts(opened->elf, *result.facts, request.board, request.role, around));
  TRY(check_modules(request, env, result));
  return result;
}

}  // namespace trxkit::boot
