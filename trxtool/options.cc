// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "trxtool/options.h"

#include <limits>

#include "lib/core/units.h"

namespace trxkit {

Result<std::optional<board::Board>> optional_board(const std::string& name, const Env& env) {
  if (name.empty()) return std::nullopt;
  return TRY(board::load_board(name, env));
}

Result<std::optional<InputFile>> optional_file(const std::string& path, const Env& env) {
  if (path.empty()) return std::nullopt;
  return TRY(InputFile::open(path, env));
}

Status check_standard_output(const std::string& output, bool json) {
  if (output != "-" || !json) return {};
  return advise(
      fail(Code::usage, "standard output cannot take both the output and its JSON report"),
      "name a file with -o, or leave out --json");
}

Result<std::uint32_t> parse_magic(const std::string& text) {
  std::uint64_t magic = TRY(parse_number(text));
  if (magic <= std::numeric_limits<std::uint32_t>::max()) {
    return static_cast<std::uint32_t>(magic);
  }
  return fail(Code::usage, "--magic {}: a magic has 32 bits", text);
}

}  // namespace trxkit
