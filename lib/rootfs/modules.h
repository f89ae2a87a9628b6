// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Kernel modules of the host (a folder lib/modules/VERSION) on their way into a tree: all of them
// for a flash root, only what is needed for an initramfs.
#pragma once

#include <string>
#include <vector>

#include "lib/archive/memory.h"
#include "lib/system/env.h"

namespace trxkit::rootfs {

/// `names` (the board's, for the USB controllers) and what the boot chain needs behind them: file
/// systems with their code pages, and loop devices. In load order, each once.
std::vector<std::string> modules_to_load(std::vector<std::string> names);

/// The folder `directory`, whose own name is the kernel version, as a tree with its files at
/// `prefix`/VERSION ("lib/modules"). The links "build" and "source" are left out. Errors:
/// Code::bad_input, Code::io.
Result<archive::SourcePointer> modules_tree(const std::string& directory, const std::string& prefix,
                                            const Env& env);

/// Adds `names` and what they depend on by `directory`/modules.dep to `tree`, at
/// lib/modules/VERSION (with its parents), and modules.dep. Names that are not there are built in
/// or absent; the kernel decides. Errors: Code::bad_input without modules.dep; Code::io.
Status add_needed_modules(archive::MemoryTree& tree, const std::string& directory,
                          const std::vector<std::string>& names, const Env& env);

}  // namespace trxkit::rootfs
