// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Names inside trees: made safe, and made printable for messages.
#pragma once

#include <string>
#include <string_view>

#include "lib/archive/entry.h"

namespace trxkit::archive {

/// `path` in quotes for a message: control bytes (a terminal would obey them) as \xNN. The root is
/// './'.
std::string shown(std::string_view path);

/// "directory", "file", "hard link": for messages.
std::string_view name_of(EntryType type);

/// The path of the directory that holds `path`; "" for what lies in the root.
std::string_view parent_of(std::string_view path);

}  // namespace trxkit::archive
