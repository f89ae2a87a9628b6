// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Constants in MIPS code, against words as the assembler writes them.
#include "lib/trx/code_constants.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace trxkit::trx {
namespace {

template <typename... Words>
std::vector<std::uint32_t> constants(Words... words) {
  std::vector<std::byte> code;
  for (std::uint32_t word : {static_cast<std::uint32_t>(words)...}) {
    le32 stored = word;
    std::ranges::copy(as_bytes(stored), std::back_inserter(code));
  }
  return code_constants(code);
}

using List = std::vector<std::uint32_t>;

TEST(CodeConstants, PairsOfInstructions) {
  // lui v0,0x3052; ori v0,v0,0x4448
  EXPECT_EQ(constants(0x3c023052, 0x34424448), (List{0x30520000, 0x30524448}));
  // lui v1,0x2010; nop; addiu a0,v1,0x322
  EXPECT_EQ(constants(0x3c032010, 0, 0x24640322), (List{0x20100000, 0x20100322}));
  // lui v0,0xbfc1; lw v1,-4(v0): the lower half is signed
  EXPECT_EQ(constants(0x3c02bfc1, 0x8c43fffc), (List{0xbfc0fffc, 0xbfc10000}));
}

TEST(CodeConstants, OtherRegistersDoNotCount) {
  // lui v0,0x3052; ori v1,a0,0x4448
  EXPECT_EQ(constants(0x3c023052, 0x34834448), (List{0x30520000}));
  EXPECT_EQ(constants(0x34424448), List{});
}

TEST(CodeConstants, EachOnceAndAnIncompleteWordAtTheEndNot) {
  EXPECT_EQ(constants(0x3c02bfc0, 0x3c03bfc0), (List{0xbfc00000}));
  EXPECT_EQ(code_constants(as_bytes(std::string_view("\xc0\xbf\x02"))), List{});
}

}  // namespace
}  // namespace trxkit::trx
