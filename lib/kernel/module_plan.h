// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Which modules go along, and in which order they are loaded: what a board and a root need, and
// what those depend on. What is wrong or missing is reported, with the option and the package that
// provide it; nothing is left out silently.
#pragma once

#include "lib/kernel/facts.h"
#include "lib/kernel/module_set.h"

namespace trxkit::kernel {

struct ModulePlan {
  std::string release;               ///< of the kernel, as its folder below lib/modules is called
  std::vector<Module> modules = {};  ///< in load order
  std::vector<std::string> built_in = {};  ///< wanted, and part of the kernel
  std::vector<std::string> absent = {};    ///< wanted, and neither known to be built in nor there

  /// What depmod would write: each module and all that it needs, the deepest last (which is how
  /// modprobe reads it).
  std::string modules_dep() const;
};

/// Plans `wanted` (names in load order; '-' and '_' are the same) out of `set`. `kernel`: what will
/// load them, or null where that is not known. Findings MOD001-MOD009, MOD012-MOD014. Errors: those
/// of ModuleSet::load().
Result<ModulePlan> plan_modules(ModuleSet& set, const std::vector<std::string>& wanted,
                                const KernelFacts* kernel, Findings& findings);

}  // namespace trxkit::kernel
