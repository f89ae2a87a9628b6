// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/cli/program.h"

#include "trxtool/program.h"

int main(int argc, char** argv) {
  return trxkit::cli::run_tool(trxkit::trxtool_main, argc, argv);
}
