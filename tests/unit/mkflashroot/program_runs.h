// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// mkflashroot in the test's own process, on files of a scratch folder.
#pragma once

#include <string>
#include <vector>

#include "tests/unit/rootfs/fixtures.h"
#include "tools/mkflashroot/program.h"

namespace trxkit::test {

struct ProgramRuns : Scratch {
  /// Options are words; those that begin with '@' are files of the scratch folder.
  int run(std::vector<std::string> words, const std::string& output) {
    for (std::string& word : words) {
      if (word.starts_with('@')) word = path(word.substr(1));
    }
    words.insert(words.end(), {"--board", "qemu-malta", "-o", path(output)});
    out.str("");
    err.str("");
    return mkflashroot_main(words, env);
  }
};

}  // namespace trxkit::test
