// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "mkbootusb/program.h"

#include "mkbootusb/commands.h"

namespace trxkit {

int mkbootusb_main(std::span<const std::string> arguments, const Env& env) {
  cli::Program program("mkbootusb", "make USB sticks and network trees that boot routers");
  add_image(program);
  add_tree(program);
  add_netboot(program);
  add_serve(program);
  add_write(program);
  add_initramfs(program);
  add_check(program);
  add_keygen(program);
  add_sign(program);
  add_run(program);
  return program.run(arguments, env);
}

}  // namespace trxkit
