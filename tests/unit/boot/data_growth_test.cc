// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Sticks whose data partition /init lets grow: what the entry says, and what such a stick needs.
#include <gmock/gmock.h>

#include "tests/unit/boot/stick_fixture.h"

namespace trxkit::boot {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class DataGrowth : public Stick {
 public:
  DataGrowth() {
    request.layout.data_size = 16 << 20;
    request.layout.data_grows = true;
    request.additions.resize2fs = write("resize2fs", program().bytes());
    request.additions.checkers = {write("e2fsck.static", program().bytes())};
  }

  std::string entry_of(const std::string& image) const {
    return shell("mcopy -i " + image + "@@1M ::boot/entries/default.conf -");
  }

  void expect_refusal(const std::string& says, const std::string& code = {}) {
    auto made = image("refused.img");
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, Code::usage);
    EXPECT_THAT(made.error().what, HasSubstr(says));
    EXPECT_EQ(made.error().finding, code);
    EXPECT_FALSE(exists("refused.img"));
  }
};

TEST_F(DataGrowth, TheEntryNamesThePartitionByItsId) {
  auto made = image("stick.img");
  ASSERT_TRUE(made) << made.error().what;
  EXPECT_THAT(entry_of("stick.img"), HasSubstr("\ngrow uuid:" + made->partitions[1].id + "\n"));
  EXPECT_THAT(made->manifest.json().print(), HasSubstr("\"resize2fs\""));
  request.layout.data.id = "aaaaaaaa-0000-4000-8000-000000000002";
  ASSERT_TRUE(image("given.img"));
  EXPECT_THAT(entry_of("given.img"), HasSubstr("\ngrow uuid:" + request.layout.data.id + "\n"));
}

TEST_F(DataGrowth, OnlyWhereItIsWanted) {
  request.layout.data_grows = false;
  expect_refusal("resize2fs is for a data partition that grows");
  request.additions.resize2fs.clear();
  ASSERT_TRUE(image("stick.img"));
  EXPECT_THAT(entry_of("stick.img"), Not(HasSubstr("grow")));
}

TEST_F(DataGrowth, NotWithoutItsPrograms) {
  request.additions.checkers = {write("fsck.fat", program().bytes())};
  expect_refusal("cannot grow on the router without e2fsck", "STK010");
  request.additions.checkers = {path("e2fsck.static")};
  request.additions.resize2fs.clear();
  expect_refusal("cannot grow on the router without resize2fs", "STK010");
}

TEST_F(DataGrowth, NotWhereThereIsNothingToGrow) {
  request.layout.data_size = 0;
  expect_refusal("no data partition that could grow");
  request.layout.data_size = 16 << 20;
  request.guard = false;
  expect_refusal("never written");
}

}  // namespace
}  // namespace trxkit::boot
