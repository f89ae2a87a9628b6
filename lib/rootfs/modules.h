// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Kernel modules on their way into a tree: what the boot chain needs of them, and no more.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/archive/memory.h"
#include "lib/kernel/module_plan.h"

namespace trxkit::rootfs {

/// `names` (the board's, for the USB controllers) and what a root needs behind them that is named
/// `root` ("image:PATH", ...): kernel::modules_for_root(). In load order, each once.
std::vector<std::string> modules_to_load(std::vector<std::string> names, std::string_view root);

/// Adds the modules of `plan` to `tree`, uncompressed, at `prefix`/RELEASE ("lib/modules"), with
/// the parents below `prefix` and modules.dep. Errors: Code::bad_input for an unsafe path.
Status add_modules(archive::MemoryTree& tree, const kernel::ModulePlan& plan,
                   const std::string& prefix);

/// What insmod and modprobe are called with, in load order: the files' names without ".ko".
std::vector<std::string> load_order(const kernel::ModulePlan& plan);

}  // namespace trxkit::rootfs
