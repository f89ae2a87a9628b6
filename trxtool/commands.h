// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The verbs of trxtool, one file each (cmd_*.cc): options to request, one library call, result to
// text.
#pragma once

#include "lib/cli/program.h"

namespace trxkit {

void add_pack(cli::Program& program);
void add_verify(cli::Program& program);
void add_inspect(cli::Program& program);
void add_extract(cli::Program& program);
void add_map(cli::Program& program);
void add_diff(cli::Program& program);
void add_remagic(cli::Program& program);
void add_fixcrc(cli::Program& program);
void add_flash(cli::Program& program);
void add_nvram(cli::Program& program);
void add_boards(cli::Program& program);

}  // namespace trxkit
