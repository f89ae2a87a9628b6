// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// A directory of the host as a source.
#pragma once

#include <string>

#include "lib/archive/entry.h"

namespace trxkit::archive {

/// The tree below `path`, sorted name by name, parents first. No symlink below `path` is followed,
/// whatever happens to the tree meanwhile. Owners, modes and devices are those of the host's files;
/// extended attributes are kept in the namespace "user" and as "security.capability" (the others
/// belong to the host). Sockets are errors.
SourcePointer directory_source(const std::string& path);

}  // namespace trxkit::archive
