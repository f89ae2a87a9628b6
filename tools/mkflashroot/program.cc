// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "tools/mkflashroot/program.h"

#include "tools/mkflashroot/build.h"

namespace trxkit {

int mkflashroot_main(std::span<const std::string> arguments, const Env& env) {
  cli::Program program("mkflashroot", "put the USB and network boot into a router's flash root");
  mkflashroot::Options options;
  cli::Verb& whole = program.whole();
  options.declare(whole);
  whole.action([&options](const Env& world, cli::Report& report) {
    return mkflashroot::build(options, world, report);
  });
  return program.run(arguments, env);
}

}  // namespace trxkit
