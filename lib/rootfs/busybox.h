// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What all trees made of busybox alone have in common: folders, console, the program, its links.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "lib/archive/memory.h"
#include "lib/system/env.h"

namespace trxkit::rootfs {

/// A tree named `name` with /dev/console, the usual empty folders, `busybox` (host path) at
/// /bin/busybox and the links that templates/applets lists. Errors: Code::bad_input where busybox
/// is not a static program for the router or the list is damaged; Code::io.
Result<std::shared_ptr<archive::MemoryTree>> busybox_tree(const std::string& name,
                                                          const std::string& busybox,
                                                          const Env& env);

/// A file of a tree and the template (below templates/) that it is a copy of.
struct TemplateFile {
  std::string path;  ///< in the tree
  std::string source;
  std::uint32_t mode = 0644;
};

/// Adds copies of `files`. Their parents must be in the tree. Errors: Code::io.
Status add_templates(archive::MemoryTree& tree, const std::vector<TemplateFile>& files,
                     const Env& env);

}  // namespace trxkit::rootfs
