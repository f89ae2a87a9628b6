// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// A /boot tree against its manifests: manifest.json, which tells the host what was written, and
// boot.manifest, which the router trusts. Kernels and file systems are judged elsewhere.
#pragma once

#include <map>

#include "lib/boot/medium.h"
#include "lib/core/finding.h"

namespace trxkit::boot {

/// Lines "key value" of a boot entry; of a key that repeats the last.
using EntryValues = std::map<std::string, std::string>;

struct TreeFacts {
  std::string board;  ///< that the tree was made for; empty: nothing says it
  /// Entries whose files are there, by name.
  std::map<std::string, EntryValues> entries = {};
  std::string tried = {};  ///< the entry that /boot/tried names
  Findings findings = {};
};

/// Reads all of it and judges: STK034 to STK041, STK043 to STK045. `medium_id`: as findfs wants
/// the partition; empty in a folder (STK042 otherwise). `board`: the expected one; empty: that of
/// the tree. Errors: Code::io, Code::external_tool.
Result<TreeFacts> check_tree(Medium& medium, const std::string& medium_id, const std::string& board,
                             const Env& env);

}  // namespace trxkit::boot
