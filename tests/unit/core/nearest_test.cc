// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/core/nearest.h"

#include <gtest/gtest.h>

namespace trxkit {
namespace {

const std::vector<std::string> kVerbs{"pack", "verify", "inspect", "extract", "--board"};

TEST(Nearest, FindsTheWordThatWasMeant) {
  EXPECT_EQ(nearest("pakc", kVerbs), "pack");
  EXPECT_EQ(nearest("verfy", kVerbs), "verify");
  EXPECT_EQ(nearest("--baord", kVerbs), "--board");
}

TEST(Nearest, DoesNotGuessWildly) {
  EXPECT_EQ(nearest("flash", kVerbs), "");
  EXPECT_EQ(nearest("", kVerbs), "");
  EXPECT_EQ(nearest("pack", {}), "");
}

}  // namespace
}  // namespace trxkit
