// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// A question to the person at the terminal. Programs are not asked: for them there are options.
#pragma once

#include <string>
#include <string_view>

#include "lib/core/result.h"
#include "lib/system/env.h"

namespace trxkit::cli {

/// Prints `question` on standard error and reads the line that is typed, without its newline; empty
/// at the end of the input. Errors: Code::refused with `hint` where nobody sits there.
Result<std::string> ask(std::string_view question, const std::string& hint, const Env& env);

}  // namespace trxkit::cli
