// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What a router that demands a signature would say to a boot tree.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "lib/boot/check_tree.h"

namespace trxkit::boot {

/// What the router was told by mkflashroot.
struct TrustDemand {
  std::string public_key = {};  ///< host path of the key that has to have signed; empty: none
  std::optional<std::uint64_t> minimum_build = {};  ///< oldest build that it takes
};

/// Findings SIG001 to SIG005, NET002 and NET003 on the tree of `medium`, whose entries are
/// `entries`. Without a key a signature is only read. Errors: Code::bad_input for a `public_key`
/// that is none; Code::io, Code::external_tool.
Result<Findings> check_trust(Medium& medium, const std::map<std::string, EntryValues>& entries,
                             const TrustDemand& demand, const Env& env);

}  // namespace trxkit::boot
