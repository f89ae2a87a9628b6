// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Modules against the kernel that shall load them.
#pragma once

#include "lib/kernel/module_plan.h"

namespace trxkit::kernel {

/// Whether the kernel takes the modules of `plan`: MOD001, MOD002, MOD009, MOD012-MOD014. `kernel`
/// may be null.
Findings check_modules(const ModulePlan& plan, const std::string& folder_release,
                       const KernelFacts* kernel);

/// What it means that the `absent` ones are not there: MOD004-MOD006. `kernel` may be null.
Findings check_absent(const std::vector<std::string>& absent, const KernelFacts* kernel);

}  // namespace trxkit::kernel
