// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The kernel that a flash root is for, where it is known: whether the two fit together, and which
// of its modules the root has to bring along.
#pragma once

#include <optional>

#include "lib/kernel/facts.h"
#include "lib/kernel/module_plan.h"
#include "lib/kernel/open.h"
#include "lib/rootfs/flash_root.h"

namespace trxkit::rootfs {

struct FlashKernel {
  kernel::OpenedKernel opened;
  kernel::KernelFacts facts;
};

/// The kernel that `request` names, or nothing where it names none. Errors: those of
/// kernel::open_kernel() and kernel::read_facts().
Result<std::optional<FlashKernel>> open_flash_kernel(const FlashRootRequest& request,
                                                     const board::Board& board, const Env& env);

/// Findings ELF0xx on the kernel against `root`: the same as when the two are packed. Errors: those
/// of `root`.
Status judge_flash_kernel(const FlashKernel& flash_kernel, const FlashRootRequest& request,
                          const board::Board& board, const archive::Source& root,
                          Findings& findings);

/// What the flash system has to load before it can read a stick; empty without `request.modules`.
/// `flash_kernel` may be null. Findings MOD0xx. Errors: those of kernel::ModuleSet and
/// kernel::plan_modules().
Result<kernel::ModulePlan> plan_flash_modules(const FlashRootRequest& request,
                                              const board::Board& board,
                                              const FlashKernel* flash_kernel, const Env& env,
                                              Findings& findings);

}  // namespace trxkit::rootfs
