// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Programs of the host by their names: where they are and, for those that any room starts, which
// Debian package has them.
#pragma once

#include <string>

#include "lib/core/result.h"

namespace trxkit {

/// The path of the program `name` in `search_path` ("/usr/bin:/bin"); a name with a '/' is a path
/// already. Errors: Code::external_tool, with the package to install where that is known.
Result<std::string> find_program(const std::string& name, const std::string& search_path);

}  // namespace trxkit
