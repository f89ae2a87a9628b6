// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// mkflashroot as a function, so that tests run it in their own process.
#pragma once

#include <span>
#include <string>

#include "lib/system/env.h"

namespace trxkit {

/// Runs `arguments` (without the program's name). Returns the exit status.
int mkflashroot_main(std::span<const std::string> arguments, const Env& env);

}  // namespace trxkit
