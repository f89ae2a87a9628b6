// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/core/printable.h"

#include <gtest/gtest.h>

namespace trxkit {
namespace {

TEST(Printable, ControlBytesAreSpeltOut) {
  EXPECT_EQ(printable("plain text, ümlaut"), "plain text, ümlaut");
  EXPECT_EQ(printable("\x1b[2J\n\t\x7f"), "\\x1b[2J\\x0a\\x09\\x7f");
  EXPECT_EQ(printable(std::string_view("\0", 1)), "\\x00");
  EXPECT_EQ(printable(""), "");
}

}  // namespace
}  // namespace trxkit
