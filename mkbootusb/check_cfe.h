// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// mkbootusb check --kernel --cfe: what the boot loader's prompt is told.
#pragma once

#include "lib/boot/cfe.h"
#include "lib/cli/program.h"

namespace trxkit {

/// Prints the commands, and what they will do to the RAM of `board`.
void report_cfe(const boot::CfePlan& plan, const board::Board& board, cli::Report& report);

}  // namespace trxkit
