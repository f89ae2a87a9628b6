// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "trxtool/options.h"

namespace trxkit {

Result<std::optional<board::Board>> optional_board(const std::string& name, const Env& env) {
  if (name.empty()) return std::nullopt;
  return TRY(board::load_board(name, env));
}

Result<std::optional<InputFile>> optional_file(const std::string& path, const Env& env) {
  if (path.empty()) return std::nullopt;
  return TRY(InputFile::open(path, env));
}

}  // namespace trxkit
