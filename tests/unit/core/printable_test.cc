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

// U+009B begins a control sequence as ESC [ does.
TEST(Printable, ControlCharactersOfUtf8AreSpeltOut) {
  EXPECT_EQ(printable("\xc2\x9b"
                      "2J\xc2\x80\xc2\x9f"),
            "\\xc2\\x9b2J\\xc2\\x80\\xc2\\x9f");
  EXPECT_EQ(printable("\xc2\xa0\xc3\x9b\xc2"), "\xc2\xa0\xc3\x9b\xc2");
}

TEST(Printable, BlanksKeepTheColumns) {
  EXPECT_EQ(blanked("\tx\x1b\xc2\x9b"
                    "\xc2\xa0y"),
            " x   \xc2\xa0y");
}

}  // namespace
}  // namespace trxkit
