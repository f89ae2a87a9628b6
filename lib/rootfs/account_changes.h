// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Passwords and SSH keys as a layer over a root: its own account files with changed lines.
#pragma once

#include <string>
#include <vector>

#include "lib/archive/entry.h"
#include "lib/core/manifest.h"
#include "lib/rootfs/accounts.h"
#include "lib/system/env.h"

namespace trxkit::rootfs {

struct AccountLayer {
  archive::SourcePointer tree = {};
  std::vector<ManifestFile> inputs = {};  ///< the files with keys
};

/// The layer over `root` (merged) that gives `passwords` to its users and lets `keys`, host paths,
/// log in as root. Keys go into /etc/dropbear/authorized_keys where OpenWrt's dropbear looks
/// (package/network/services/dropbear, patch 100-pubkey_path.patch), else into .ssh/authorized_keys
/// of root's home, 0:0 0600; those that are there stay. Errors: Code::bad_input for accounts that
/// cannot be changed, for what is no key, and for what cannot work: keys without an SSH server, a
/// hash that the root's C library does not know; Code::io.
Result<AccountLayer> change_accounts(const archive::Source& root,
                                     const std::vector<PasswordHash>& passwords,
                                     const std::vector<std::string>& keys, const Env& env);

}  // namespace trxkit::rootfs
