// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "trxtool/program.h"

#include "lib/cli/program.h"

namespace trxkit {

int trxtool_main(std::span<const std::string> arguments, const Env& env) {
  cli::Program program("trxtool", "pack, verify, inspect and extract TRX firmware images");
  return program.run(arguments, env);
}

}  // namespace trxkit
