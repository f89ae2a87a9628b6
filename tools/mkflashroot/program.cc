// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "tools/mkflashroot/program.h"

#include "lib/cli/program.h"

namespace trxkit {

int mkflashroot_main(std::span<const std::string> arguments, const Env& env) {
  cli::Program program("mkflashroot", "make the squashfs root for a router's flash");
  return program.run(arguments, env);
}

}  // namespace trxkit
