// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Partition tables, read back by sfdisk.
#include "lib/image/disk.h"

#include "tests/unit/scratch.h"

namespace trxkit::image {
namespace {

constexpr std::uint64_t kMiB = 1 << 20;

class Disk : public test::Scratch {
 public:
  Status build(const std::vector<DiskPartition>& partitions, const std::string& name = "image") {
    OutputFile output = TRY(OutputFile::create(path(name)));
    TRY(output.resize(64 * kMiB));
    TRY(write_mbr(output, 0x1badcafe, partitions));
    return output.commit();
  }
  std::string sfdisk(const std::string& image = "image") const {
    return shell("PATH=$PATH:/usr/sbin:/sbin; sfdisk -J " + image);
  }
};

TEST_F(Disk, PartitionsLieExactlyWhereTheyWereWanted) {
  // The second one begins at an odd sector and has an odd length; nothing may be aligned.
  ASSERT_TRUE(build({{kMiB, 32 * kMiB, 0x0c, true},
                     {33 * kMiB + 512, 7 * kMiB + 512, 0x83, false},
                     {48 * kMiB, 16 * kMiB, 0x82, false},
                     {512, 1024, 0x0c, false}}));
  std::string table = sfdisk();
  EXPECT_NE(table.find("\"label\": \"dos\""), std::string::npos) << table;
  EXPECT_NE(table.find("\"id\": \"0x1badcafe\""), std::string::npos) << table;
  for (const char* expected : {R"("node": "image1",
            "start": 2048,
            "size": 65536,
            "type": "c",
            "bootable": true)",
                               R"("node": "image2",
            "start": 67585,
            "size": 14337,
            "type": "83")",
                               R"("node": "image3",
            "start": 98304,
            "size": 32768,
            "type": "82")",
                               R"("node": "image4",
            "start": 1,
            "size": 2,
            "type": "c")"}) {
    EXPECT_NE(table.find(expected), std::string::npos) << table;
  }
}

TEST_F(Disk, TouchesTheFirstSectorAlone) {
  std::string before(kMiB, 'x');
  {
    OutputFile output = *OutputFile::create(path("image"));
    ASSERT_TRUE(output.write(as_bytes(before)));
    ASSERT_TRUE(write_mbr(output, 1, {{512, kMiB - 512, 0x83, false}}));
    ASSERT_TRUE(output.commit());
  }
  EXPECT_EQ(read("image").substr(512), before.substr(512));
  EXPECT_EQ(read("image").substr(510, 2), "\x55\xaa");
}

TEST_F(Disk, TwoBuildsAreEqual) {
  std::vector<DiskPartition> partitions{{kMiB, 63 * kMiB, 0x0c, true}};
  ASSERT_TRUE(build(partitions, "one"));
  ASSERT_TRUE(build(partitions, "two"));
  shell("cmp one two");
}

TEST_F(Disk, WhatDoesNotFitIsRefused) {
  auto code_of = [&](const std::vector<DiskPartition>& partitions) {
    auto status = build(partitions);
    std::filesystem::remove(folder / ".shell");
    EXPECT_TRUE(std::filesystem::is_empty(folder));
    return status ? Code::io : status.error().code;
  };
  EXPECT_EQ(code_of({{kMiB, 64 * kMiB}}), Code::does_not_fit);
  EXPECT_EQ(code_of({{0, kMiB}}), Code::does_not_fit);
  EXPECT_EQ(code_of({{2 * kMiB, kMiB}, {kMiB, kMiB + 512}}), Code::does_not_fit);
  EXPECT_EQ(code_of({{kMiB, ~0ULL - 511}}), Code::does_not_fit);
  EXPECT_EQ(code_of(std::vector<DiskPartition>(5, {kMiB, kMiB})), Code::does_not_fit);
  EXPECT_EQ(code_of({{kMiB + 1, kMiB}}), Code::usage);
  EXPECT_EQ(code_of({{kMiB, 0}}), Code::usage);
}

}  // namespace
}  // namespace trxkit::image
