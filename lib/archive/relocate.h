// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// A tree on its way into another one: put below a directory of it, without its own root, so that
// the attributes of the directory that is there already stay.
#pragma once

#include <string>

#include "lib/archive/entry.h"

namespace trxkit::archive {

struct Relocation {
  std::string directory = {};  ///< normalised path in the other tree; "": its root
  bool owned_by_root = false;  ///< every entry becomes 0:0, whoever owns it on the host
};

/// `tree` as `relocation` says. Symlinks keep their text. Errors of its readers: those of `tree`,
/// and Code::bad_input for paths that become too long.
SourcePointer relocate(SourcePointer tree, const Relocation& relocation);

}  // namespace trxkit::archive
