// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// How the verbs end that change a few bytes of a file.
#pragma once

#include "lib/cli/report.h"
#include "lib/firmware/patched_image.h"

namespace trxkit {

/// Prints findings, and that nothing was written where that is so; gives the JSON result "written"
/// and "manifest". Returns the exit status.
int finish_patch(const firmware::PatchReport& patched, cli::Report& report);

}  // namespace trxkit
