// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#pragma once

#include "lib/boot/check_stick.h"
#include "lib/cli/program.h"

namespace trxkit {

/// Has the stick, image or tree judged, prints what it is and what is wrong with it. Returns the
/// exit status of the findings.
Result<int> check_stick(const boot::StickCheckRequest& request, const Env& env,
                        cli::Report& report);

/// The last line of a check: sound or not, and of what there were how many.
void say_verdict(const Findings& findings, int status, cli::Report& report);

}  // namespace trxkit
