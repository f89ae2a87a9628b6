// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Owners that a user gives to paths of a root (--chown).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/archive/entry.h"

namespace trxkit::rootfs {

struct OwnerRule {
  std::string path;        ///< normalised
  bool with_tree = false;  ///< everything below the path as well
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
};

/// Reads "PATH=UID:GID", numbers both; a PATH that ends with '/' means the directory with
/// everything below it. Errors: Code::usage.
Result<OwnerRule> parse_owner(std::string_view text);

/// Gives `entry` the owner of the last of `rules` that means it.
void change_owner(archive::Entry& entry, const std::vector<OwnerRule>& rules);

/// Makes sure that each of `rules` means something in `tree`: Code::bad_input for a path that is
/// not there, and for a hard link, whose owner is that of the file.
Status check_owners(const archive::Source& tree, const std::vector<OwnerRule>& rules);

}  // namespace trxkit::rootfs
