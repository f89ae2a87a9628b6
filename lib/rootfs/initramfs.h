// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The initramfs of the stick kernel: static busybox, modules, our /init and the boot entry; where
// the user gives them, file system checkers and hooks.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lib/archive/entry.h"
#include "lib/kernel/module_plan.h"
#include "lib/rootfs/entry.h"
#include "lib/system/env.h"

namespace trxkit::rootfs {

/// When /init sources a hook: before swap is turned on, before the root is looked for, before the
/// entry's other file systems are mounted.
enum class HookStage : std::uint8_t { swap, root, mounts };

/// "swap", "root", "mounts".
const char* name_of(HookStage stage);

/// Shell text of the user that /init sources.
struct Hook {
  HookStage stage = HookStage::root;
  std::string file = {};  ///< host path; its last part says when among its stage's hooks
};

/// Host paths of what goes into an initramfs only because the user says so.
struct InitramfsAdditions {
  std::vector<std::string> checkers = {};  ///< static e2fsck or fsck.fat, by their usual names
  std::vector<Hook> hooks = {};
  std::string nbd_client = {};  ///< static nbd-client; empty: none
  std::string resize2fs = {};   ///< static resize2fs; empty: none

  /// All of them.
  std::vector<std::string> files_read() const;
  /// Whether an e2fsck is among the checkers.
  bool has_e2fsck() const;
};

struct InitramfsRequest {
  std::string busybox = {};         ///< host path of a static busybox for the target
  kernel::ModulePlan modules = {};  ///< loaded by /init, in order
  BootEntry entry = {};
  InitramfsAdditions additions = {};
  std::string led = "none";  ///< the status LED, as automatic_led() has it
  /// Whether an entry that fails is marked on the stick; otherwise /init does not reboot after a
  /// failure before the stick is gone.
  bool guard = true;
};

/// The tree to be written with archive::cpio_writer(). Errors: Code::bad_input for programs that
/// cannot run and hooks that no shell can read, Code::usage for names that nobody knows, Code::io.
Result<archive::SourcePointer> initramfs_tree(const InitramfsRequest& request, const Env& env);

}  // namespace trxkit::rootfs
