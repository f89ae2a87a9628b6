// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Sets of bytes, against sets of single bytes.
#include "lib/image/byte_ranges.h"

#include <random>
#include <set>

#include <gtest/gtest.h>

namespace trxkit::image {
namespace {

std::set<std::uint64_t> members(const ByteRanges& ranges) {
  std::set<std::uint64_t> bytes;
  for (const ByteRange& range : ranges) {
    for (std::uint64_t at = range.offset; at < range.end(); ++at) bytes.insert(at);
  }
  return bytes;
}

// Ascending, with bytes between each and the next.
void expect_set(const ByteRanges& ranges) {
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    EXPECT_GT(ranges[i].size, 0U);
    EXPECT_TRUE(i == 0 || ranges[i].offset > ranges[i - 1].end());
  }
  EXPECT_EQ(bytes_of(ranges), members(ranges).size());
}

TEST(ByteRanges, AsSetsOfBytes) {
  std::mt19937 random(1);
  auto number = [&](unsigned limit) -> std::uint64_t { return random() % limit; };
  for (int round = 0; round < 500; ++round) {
    ByteRanges a, b;
    for (std::uint64_t i = number(8); i > 0; --i) a.push_back({number(60), number(9)});
    for (std::uint64_t i = number(8); i > 0; --i) b.push_back({number(60), number(9)});
    ByteRanges one = united(a), two = united(b);
    expect_set(one);
    EXPECT_EQ(members(one), members(a));
    std::set<std::uint64_t> expected;
    for (std::uint64_t at : members(one)) {
      if (!members(two).contains(at)) expected.insert(at);
    }
    ByteRanges rest = without(one, two);
    expect_set(rest);
    EXPECT_EQ(members(rest), expected);
    std::uint64_t from = number(60);
    std::erase_if(expected, [&](std::uint64_t at) { return at < from || at >= from + 7; });
    EXPECT_EQ(members(clipped(rest, from, from + 7)), expected);
  }
}

}  // namespace
}  // namespace trxkit::image
