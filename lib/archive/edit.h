// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// A tree with some of its paths left out or under other names, as a layer for merge(): contents and
// all else stay as they are. Directories cannot be renamed.
#pragma once

#include <map>
#include <set>
#include <string>

#include "lib/archive/entry.h"

namespace trxkit::archive {

/// Normalised paths of the tree.
struct Edits {
  std::set<std::string, std::less<>> dropped = {};  ///< a directory goes with all that is below it
  std::map<std::string, std::string, std::less<>> renamed =
      {};  ///< old path, new path; no directories
};

/// `source` without what `edits` drops, and with what it renames under the new names. A relative
/// symlink that moves still leads where it led; hard links follow their file to its new name, and
/// become merge()'s error where it was dropped.
SourcePointer edit(SourcePointer source, Edits edits);

}  // namespace trxkit::archive
