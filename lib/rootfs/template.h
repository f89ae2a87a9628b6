// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Strict templates for the shell that runs on the router: @NAME@ is replaced by a shell-quoted
// value, @NAME|raw@ by the value itself. A comment line among the first ones declares the names
// ("# template: NAME NAME ...") and is left out of the result; undeclared, unused and missing names
// are errors with their line. Names are upper-case words; any other '@' stands for itself.
#pragma once

#include <map>
#include <string>

#include "lib/core/result.h"
#include "lib/system/env.h"

namespace trxkit::rootfs {

using TemplateValues = std::map<std::string, std::string>;

/// `text` of `file` with its names replaced. Errors: Code::bad_input with line and column.
Result<std::string> render_template(const std::string& text, const std::string& file,
                                    const TemplateValues& values);

/// The text of the file `name` below templates/ (env.data_directory). Errors: Code::io.
Result<std::string> load_template(const std::string& name, const Env& env);

/// 'text' quoted for a POSIX shell.
std::string shell_quote(const std::string& text);

}  // namespace trxkit::rootfs
