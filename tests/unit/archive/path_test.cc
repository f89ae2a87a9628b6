// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/archive/path.h"

#include <gtest/gtest.h>

namespace trxkit::archive {
namespace {

TEST(NormalisePath, MakesPathsRelative) {
  for (auto [given, expected] : std::initializer_list<std::pair<std::string_view, std::string>>{
           {"", ""},
           {".", ""},
           {"./", ""},
           {"/", ""},
           {"./a//b/", "a/b"},
           {"/etc/./x", "etc/x"},
           {"...", "..."},
           {"a/..b", "a/..b"},
           {"a\nb/\xff", "a\nb/\xff"}}) {
    EXPECT_EQ(normalise_path(given).value(), expected) << given;
  }
}

TEST(NormalisePath, RefusesWhatLeadsAstray) {
  using namespace std::string_literals;
  for (const std::string& path : {".."s, "../x"s, "a/../b"s, "a/.."s, "a\0b"s,
                                  std::string(256, 'n'), std::string(5000, '/') + "x/.."}) {
    auto result = normalise_path(path);
    ASSERT_FALSE(result) << path;
    EXPECT_EQ(result.error().code, Code::bad_input);
  }
  EXPECT_TRUE(normalise_path(std::string(255, 'n')));
  std::string deep;
  for (int i = 0; i < 2047; ++i) deep += "x/";
  EXPECT_TRUE(normalise_path(deep));
  EXPECT_FALSE(normalise_path(deep + "/yy"));
}

TEST(Shown, HidesControlBytes) {
  EXPECT_EQ(shown("a\n\x1b[31m"), "'a\\x0a\\x1b[31m'");
  EXPECT_EQ(shown(""), "'./'");
}

}  // namespace
}  // namespace trxkit::archive
