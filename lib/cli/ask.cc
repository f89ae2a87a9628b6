// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/cli/ask.h"

#include <ostream>

#include <unistd.h>

namespace trxkit::cli {

Result<std::string> ask(std::string_view question, const std::string& hint, const Env& env) {
  if (!env.in_is_terminal) {
    return advise(fail(Code::refused, "standard input is no terminal: nobody can be asked"), hint);
  }
  *env.err << question << ": ";
  env.err->flush();
  std::string answer;
  char letter = 0;
  while (::read(env.in, &letter, 1) == 1 && letter != '\n') answer += letter;
  return answer;
}

}  // namespace trxkit::cli
