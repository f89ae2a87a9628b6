// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Strict templates for the shell that runs on the router: @NAME@ is replaced by a shell-quoted
// value, @NAME|raw@ by the value itself. The first lines declare the names
// ("# template: NAME NAME ..."); undeclared, unused and missing names are errors with their line.
#pragma once

#include <map>
#include <string>

#include "lib/core/result.h"

namespace trxkit::rootfs {

using TemplateValues = std::map<std::string, std::string>;

/// `text` of `file` with its names replaced. Errors: Code::bad_input with line and column.
Result<std::string> render_template(const std::string& text, const std::string& file,
                                    const TemplateValues& values);

/// 'text' quoted for a POSIX shell.
std::string shell_quote(const std::string& text);

}  // namespace trxkit::rootfs
