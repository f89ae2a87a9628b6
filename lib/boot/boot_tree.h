// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The /boot tree that stick, network server and folder have in common: boot script, entries, what
// the entries point to, and the two manifests.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "lib/archive/memory.h"
#include "lib/boot/entry_parts.h"
#include "lib/boot/stick_plan.h"
#include "lib/boot/tree_state.h"
#include "lib/boot/trusted_manifest.h"

namespace trxkit::boot {

/// One file of the tree.
struct BootFile {
  std::string path = {};       ///< relative to the medium: "boot/default/vmlinux.elf"
  std::string host_path = {};  ///< empty: `text`
  std::string text = {};
  std::string role = {};  ///< "kernel", "root", "entry", "settings", "script", "manifest"
  std::string sha256 = {};
  std::uint64_t size = 0;        ///< bytes
  bool mutable_content = false;  ///< a writable root
};

/// Which of the files that `before` lists stay: those of other entries, and writable roots, which
/// may hold what nobody else has. `made`: the files that are new.
std::vector<ManifestFile> kept_files(const TreeState& before, const StickRequest& request,
                                     const std::vector<BootFile>& made);

/// The files in the order in which they have to appear on a medium in use: what others point to
/// first, /boot/boot.sh, which makes the stick bootable, last. `parts`: of each entry of `plan`.
/// The manifests name what stays of `before`, too.
/// Errors: Code::io, Code::usage (settings).
Result<std::vector<BootFile>> boot_files(const StickRequest& request, const StickPlan& plan,
                                         const std::vector<EntryParts>& parts,
                                         const TreeState& before, const Env& env);

/// The files as a tree with its folders.
Result<std::shared_ptr<archive::MemoryTree>> boot_tree(const std::vector<BootFile>& files,
                                                       const Env& env);

/// /boot/boot.manifest: "board NAME", "build NUMBER" and "sha256 HASH PATH" for every file that
/// does not change; paths relative to the folder of boot.sh.
std::string trusted_manifest(const std::string& board, std::uint64_t build,
                             const std::vector<BootFile>& files);

/// The manifest of what was built: inputs and the files of the tree as contents, no outputs yet.
BuildManifest stick_manifest(const StickRequest& request, const StickPlan& plan,
                             const std::vector<BootFile>& files, const Env& env);

}  // namespace trxkit::boot
