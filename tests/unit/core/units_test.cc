// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/core/units.h"

#include <gtest/gtest.h>

namespace trxkit {
namespace {

TEST(Units, SizesAsPeopleWriteThem) {
  EXPECT_EQ(*parse_size("0"), 0u);
  EXPECT_EQ(*parse_size("7744k"), 7744u * 1024);
  EXPECT_EQ(*parse_size("8M"), 8u << 20);
  EXPECT_EQ(*parse_size("8MiB"), 8u << 20);
  EXPECT_EQ(*parse_size("4G"), 4ULL << 30);
  EXPECT_EQ(*parse_size("0x20000"), 0x20000u);
  EXPECT_EQ(*parse_size("18446744073709551615"), ~0ULL);
}

TEST(Units, EverythingElseIsRefused) {
  for (const char* text : {"", "k", "-1", "+1", " 1", "1 ", "1.5M", "0x", "0xg", "1kk", "1T", "ten",
                           "18446744073709551616", "18446744073709551615k", "99999999999G"}) {
    auto size = parse_size(text);
    ASSERT_FALSE(size) << text;
    EXPECT_EQ(size.error().code, Code::usage) << text;
  }
}

TEST(Units, SizesForPeople) {
  EXPECT_EQ(human_size(28), "28 B");
  EXPECT_EQ(human_size(65536), "64 KiB");
  EXPECT_EQ(human_size(3870720), "3.69 MiB");
  EXPECT_EQ(human_size(~0ULL), "16 EiB");
}

}  // namespace
}  // namespace trxkit
