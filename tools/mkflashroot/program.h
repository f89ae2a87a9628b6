// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#pragma once

#include <span>
#include <string>

#include "lib/system/env.h"

namespace trxkit {

/// The program mkflashroot: runs the command line `arguments` (without the program's name) and
/// returns its exit status.
int mkflashroot_main(std::span<const std::string> arguments, const Env& env);

}  // namespace trxkit
