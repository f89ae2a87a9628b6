// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/system/move_file.h"

#include <gtest/gtest.h>

#include "tests/unit/scratch.h"

namespace trxkit {
namespace {

// A test in the scratch folder, where names need no folder.
class MoveFile : public test::Scratch {
 public:
  MoveFile() { std::filesystem::current_path(folder); }
  ~MoveFile() override { std::filesystem::current_path(before_); }

 private:
  std::filesystem::path before_ = std::filesystem::current_path();
};

TEST_F(MoveFile, TakesThePlaceOfAnother) {
  write("from", "new");
  write("below/to", "old");
  ASSERT_TRUE(move_file(path("from"), path("below/to")));
  EXPECT_EQ(read("below/to"), "new");
  EXPECT_FALSE(exists("from"));
}

TEST_F(MoveFile, BareNamesLieInTheCurrentFolder) {
  write("from", "new");
  Status moved = move_file("from", "to");
  ASSERT_TRUE(moved) << moved.error().what;
  EXPECT_EQ(read("to"), "new");
}

TEST_F(MoveFile, AFailureLeavesTheTargetAlone) {
  write("to", "old");
  EXPECT_EQ(move_file("absent", "to").error().code, Code::io);
  EXPECT_EQ(read("to"), "old");
}

}  // namespace
}  // namespace trxkit
