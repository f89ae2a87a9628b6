// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// A kernel judged on its own, before anything is built from it: against the board, the root that it
// will run and the modules that go along.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/kernel/check.h"
#include "lib/kernel/facts.h"
#include "lib/system/env.h"

namespace trxkit::boot {

struct KernelCheckRequest {
  board::Board board;
  std::string kernel;     ///< host path; may be compressed
  std::string name = {};  ///< of the kernel in messages; empty: its path
  kernel::Role role = kernel::Role::stick;
  kernel::Surroundings around = {};       ///< as far as they are known
  std::string rootfs = {};                ///< host path of its root, to be looked into; or empty
  std::vector<std::string> modules = {};  ///< host paths: folders, .ko files, packages
};

struct KernelCheckResult {
  std::optional<kernel::KernelElf> elf;      ///< nothing where the file is no whole ELF file
  std::optional<kernel::KernelFacts> facts;  ///< nothing where its contents tell nothing
  std::vector<std::string> load_order = {};  ///< of the modules: names
  Findings findings;
};

/// Every reason why the kernel cannot do its work there. Errors: Code::io; Code::bad_input where
/// the file is not recognised at all, or root or modules cannot be read.
Result<KernelCheckResult> check_kernel_file(const KernelCheckRequest& request, const Env& env);

}  // namespace trxkit::boot
