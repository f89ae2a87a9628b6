// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/core/result.h"

namespace trxkit {

std::string Where::text() const {
  if (offset) return fmt::format("{}@{:#x}", file, *offset);
  if (line == 0) return file;
  if (column == 0) return fmt::format("{}:{}", file, line);
  return fmt::format("{}:{}:{}", file, line, column);
}

}  // namespace trxkit
