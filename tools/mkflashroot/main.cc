// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/cli/program.h"

#include "tools/mkflashroot/program.h"

int main(int argc, char** argv) {
  return trxkit::cli::run_tool(trxkit::mkflashroot_main, argc, argv);
}
