// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "tests/unit/scratch.h"

namespace trxkit::test {

std::string source_directory() {
  return TRXKIT_SOURCE_DIRECTORY;
}

}  // namespace trxkit::test
