// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// sysupgrade in the flash root: which images it takes. OpenWrt's own check lets through what the
// boot loader of a router with a magic of its own would not start.
#pragma once

#include "lib/archive/memory.h"
#include "lib/board/board.h"
#include "lib/core/finding.h"
#include "lib/system/env.h"

namespace trxkit::rootfs {

/// What the root has of sysupgrade.
struct UpgradeScripts {
  bool program = false;  ///< /sbin/sysupgrade
  bool folder = false;   ///< /lib/upgrade, whose scripts it reads in the order of their names
};

/// Adds a check to `tree` that demands the board's magic, and reports it (FSR040); a sysupgrade
/// that does not read such scripts is FSR041. Nothing for boards that start "HDR0" or take their
/// images in a container, which the target's own check knows. `where`: the root's place. Errors:
/// those of the template.
Status add_upgrade_check(archive::MemoryTree& tree, const UpgradeScripts& scripts,
                         const board::Board& board, const Where& where, const Env& env,
                         Findings& findings);

}  // namespace trxkit::rootfs
