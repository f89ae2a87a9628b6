// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "trxtool/program.h"

#include "lib/cli/program.h"

#include "trxtool/commands.h"

namespace trxkit {

int trxtool_main(std::span<const std::string> arguments, const Env& env) {
  cli::Program program("trxtool", "pack, verify, inspect and change TRX firmware images");
  add_pack(program);
  add_verify(program);
  add_inspect(program);
  add_extract(program);
  add_map(program);
  add_diff(program);
  add_remagic(program);
  add_fixcrc(program);
  add_flash(program);
  add_nvram(program);
  add_boards(program);
  return program.run(arguments, env);
}

}  // namespace trxkit
