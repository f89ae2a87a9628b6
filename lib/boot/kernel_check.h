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
  std::string rootfs = {};                ///< host path of its root; empty: not known
  std::vector<std::string> modules = {};  ///< host paths: folders, .ko files, packages
  std::string boot_filesystem = {};       ///< of the stick; empty: not known
  std::string partition_table = {};       ///< of the stick; empty: not known
  std::string root = {};                  ///< as boot entries name it; empty: an image
  std::string root_filesystem = {};       ///< "ext4", "squashfs"; empty: not known
  bool swap = false;                      ///< the stick has a swap partition
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

/// What the root at `path` (any source; empty: nothing is known) asks of its kernel.
Result<kernel::Surroundings> surroundings_of_root(const std::string& path, const Env& env);

}  // namespace trxkit::boot
