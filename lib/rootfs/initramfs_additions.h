// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What users add to an initramfs, judged on its way in: a hook that no shell can read, or a checker
// that cannot run, would only be noticed by a router that does not start.
#pragma once

#include "lib/archive/memory.h"
#include "lib/rootfs/initramfs.h"

namespace trxkit::rootfs {

/// Adds checkers to /sbin and hooks to /etc/usbboot/STAGE.d, whose parent is there. Errors: those
/// of initramfs_tree().
Status add_additions(archive::MemoryTree& tree, const InitramfsAdditions& additions,
                     const Env& env);

}  // namespace trxkit::rootfs
