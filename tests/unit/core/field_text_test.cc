// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/core/field_text.h"

#include <string>

#include <gtest/gtest.h>

namespace trxkit {
namespace {

TEST(FieldText, DecimalNumbers) {
  EXPECT_EQ(decimal_number("0"), 0u);
  EXPECT_EQ(decimal_number("18446744073709551615"), UINT64_MAX);
  EXPECT_EQ(decimal_number("30", 30), 30u);
  EXPECT_FALSE(decimal_number("31", 30));
  for (const char* text : {"", "-1", "+1", " 1", "1 ", "0x1", "01", "00", "1.5", "ten", "1\n",
                           "18446744073709551616"}) {
    EXPECT_FALSE(decimal_number(text)) << text;
  }
}

TEST(FieldText, Addresses) {
  EXPECT_EQ(ipv4_address("192.168.2.1"), 0xc0a80201u);
  EXPECT_EQ(ipv4_address("255.255.255.255"), 0xffffffffu);
  EXPECT_EQ(ipv4_address("0.0.0.0"), 0u);
  for (const char* text :
       {"", "...", "1.2.3", "1.2.3.", ".1.2.3", "1.2.3.4.", "1.2.3.4.5", "1.2.3.256", "1.2.3.-4",
        "1.2.3.4 ", "1..3.4", "0x7f.0.0.1", "2130706433", "192.168.010.1"}) {
    EXPECT_FALSE(ipv4_address(text)) << text;
  }
}

TEST(FieldText, Hashes) {
  EXPECT_TRUE(is_sha256_text(std::string(64, 'a')));
  EXPECT_FALSE(is_sha256_text(std::string(63, 'a')));
  EXPECT_FALSE(is_sha256_text(std::string(65, 'a')));
  EXPECT_FALSE(is_sha256_text(std::string(64, 'A')));
  EXPECT_FALSE(is_sha256_text(std::string(64, 'g')));
}

}  // namespace
}  // namespace trxkit
