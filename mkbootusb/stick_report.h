// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What a stick has become, for people and for programs.
#pragma once

#include <string>

#include "lib/boot/stick.h"
#include "lib/cli/report.h"

namespace trxkit {

/// Prints what was made: for people with say(), for programs with result().
void report_stick(const boot::StickResult& result, const boot::StickRequest& request,
                  const std::string& target, cli::Report& report);

/// Progress of the library on the report.
boot::Progress progress_of(cli::Report& report);

}  // namespace trxkit
