// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "mkbootusb/program.h"

#include "lib/cli/program.h"

namespace trxkit {

int mkbootusb_main(std::span<const std::string> arguments, const Env& env) {
  cli::Program program("mkbootusb", "make USB sticks and network trees that boot routers");
  return program.run(arguments, env);
}

}  // namespace trxkit
