// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/boot/kernel_check.h"

#include <filesystem>

#include "lib/kernel/module_plan.h"
#include "lib/kernel/open.h"
#include "lib/kernel/root_programs.h"
#include "lib/rootfs/modules.h"
#include "lib/rootfs/root_input.h"
#include "lib/trx/squashfs_superblock.h"

namespace trxkit::boot {
namespace {

Status check_modules(const KernelCheckRequest& request, const Env& env, KernelCheckResult& result) {
  if (request.modules.empty()) return {};
  // Most sticks have their roots as images on them.
  std::string root = request.root.empty() ? "image:" : request.root;
  std::vector<std::string> wanted = rootfs::modules_to_load(request.board.modules, root);
  auto set = TRY(kernel::ModuleSet::open(request.modules, env, result.findings));
  kernel::KernelFacts* facts = result.facts ? &*result.facts : nullptr;
  auto plan = TRY(kernel::plan_modules(set, wanted, facts, result.findings));
  for (const kernel::Module& module : plan.modules) result.load_order.push_back(module.name);
  return {};
}

}  // namespace

Result<kernel::Surroundings> surroundings_of_root(const std::string& path, const Env& env) {
  kernel::Surroundings surroundings;
  if (path.empty()) return surroundings;
  auto root = TRY(rootfs::open_root(path, {}, env));
  surroundings.hard_float_root = TRY(kernel::uses_floating_point(*root));
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) return surroundings;
  InputFile file = TRY(InputFile::open(path, env));
  if (file.size() < sizeof(trx::SquashfsSuperblock)) return surroundings;
  auto superblock = TRY(file.read_struct<trx::SquashfsSuperblock>(0));
  if (superblock.magic == trx::kSquashfsMagic) {
    surroundings.root_compression = trx::squashfs_compression(superblock);
  }
  return surroundings;
}

Result<KernelCheckResult> check_kernel_file(const KernelCheckRequest& request, const Env& env) {
  KernelCheckResult result;
  auto opened = kernel::open_kernel(request.kernel, env, request.name);
  if (!opened) {
    result.findings = kernel::findings_of(opened.error());
    if (result.findings.passed()) return std::unexpected(std::move(opened).error());
    return result;
  }
  kernel::Surroundings surroundings = TRY(surroundings_of_root(request.rootfs, env));
  surroundings.boot_filesystem = request.boot_filesystem;
  surroundings.partition_table = request.partition_table;
  surroundings.root = request.root;
  surroundings.root_filesystem = request.root_filesystem;
  surroundings.swap = request.swap;
  if (!request.modules.empty()) surroundings.brings_modules = true;
  result.findings = kernel::check_packing(*opened);
  result.elf = opened->elf;
  result.findings.append(kernel::check_layout(opened->elf, request.board, request.role));
  if (!kernel::worth_reading(opened->elf)) return result;
  result.facts = TRY(kernel::read_facts(opened->file(), opened->elf, request.board.kernel.machine));
  result.findings.append(
      kernel::check_facts(opened->elf, *result.facts, request.board, request.role, surroundings));
  TRY(check_modules(request, env, result));
  return result;
}

}  // namespace trxkit::boot
