// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The initramfs of the stick kernel: static busybox, modules, our /init and the boot entry.
#pragma once

#include <string>
#include <vector>

#include "lib/archive/entry.h"
#include "lib/kernel/module_plan.h"
#include "lib/system/env.h"

namespace trxkit::rootfs {

/// What /init reads from /etc/entry.conf ("key value" lines; see docs/boot-chain.md).
struct BootEntry {
  std::string name = {};   ///< of the entry, [a-z0-9-]+
  std::string title = {};  ///< for the console
  /// UUID of the boot partition, as findfs wants it, or "label:L".
  std::string medium = {};
  std::string root = {};     ///< "image:PATH", "label:L", "uuid:U"
  std::string options = {};  ///< mount options, "rw,noatime"
  std::string init = "/sbin/init";
  unsigned priority = 100;
};

/// The "key value" lines of `entry` as they stand in /boot/entries/NAME.conf, plus those of
/// `more` (kernel, kernel-sha256).
std::string entry_text(const BootEntry& entry,
                       const std::vector<std::pair<std::string, std::string>>& more);

struct InitramfsRequest {
  std::string busybox = {};         ///< host path of a static busybox for the target
  kernel::ModulePlan modules = {};  ///< loaded by /init, in order
  BootEntry entry = {};
};

/// The tree to be written with archive::cpio_writer().
Result<archive::SourcePointer> initramfs_tree(const InitramfsRequest& request, const Env& env);

}  // namespace trxkit::rootfs
