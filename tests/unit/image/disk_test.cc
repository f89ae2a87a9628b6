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

class Gpt : public Disk {
 public:
  Status build_gpt(const std::vector<DiskPartition>& partitions) {
    OutputFile output = TRY(OutputFile::create(path("image")));
    TRY(output.resize(64 * kMiB));
    TRY(write_gpt(output, kDisk, partitions));
    return output.commit();
  }
  static DiskPartition partition(std::uint64_t offset, std::uint64_t size, std::uint8_t type,
                                 const std::string& name, char digit) {
    DiskPartition made{offset, size, type};
    made.name = name;
    made.uuid = "01234567-89ab-8def-8123-456789abcde" + std::string(1, digit);
    return made;
  }
  static constexpr const char* kDisk = "fedcba98-7654-8210-8fed-cba987654321";
};

TEST_F(Gpt, PartitionsWithNamesAndIdsOfOurs) {
  ASSERT_TRUE(build_gpt({partition(kMiB, 32 * kMiB, 0x0c, "USBBOOT", '1'),
                         partition(33 * kMiB, 7 * kMiB, 0x83, "USBROOT", '2'),
                         partition(40 * kMiB, 23 * kMiB, 0x82, "USBSWAP", '3')}));
  std::string table = sfdisk();
  for (const char* expected :
       {R"("label": "gpt")", R"("id": "FEDCBA98-7654-8210-8FED-CBA987654321")",
        R"("start": 2048,
            "size": 65536,
            "type": "EBD0A0A2-B9E5-4433-87C0-68B6B72699C7",
            "uuid": "01234567-89AB-8DEF-8123-456789ABCDE1",
            "name": "USBBOOT")",
        R"("type": "0FC63DAF-8483-4772-8E79-3D69D8477DE4",
            "uuid": "01234567-89AB-8DEF-8123-456789ABCDE2",
            "name": "USBROOT")",
        R"("type": "0657FD6D-A4AB-43C4-84E5-0933C84B4F4F")"}) {
    EXPECT_NE(table.find(expected), std::string::npos) << table;
  }
  std::string verified = shell("PATH=$PATH:/usr/sbin:/sbin; sfdisk --verify image");
  EXPECT_NE(verified.find("No errors detected"), std::string::npos) << verified;
}

TEST_F(Gpt, SecondBuildIsByteIdentical) {
  std::vector<DiskPartition> one{partition(kMiB, 32 * kMiB, 0x83, "USBBOOT", '1')};
  ASSERT_TRUE(build_gpt(one));
  std::filesystem::rename(path("image"), path("first"));
  ASSERT_TRUE(build_gpt(one));
  shell("cmp image first");
}

TEST_F(Gpt, LeavesBothTablesAlone) {
  auto refused = build_gpt({partition(kMiB, 63 * kMiB, 0x83, "x", '1')});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::does_not_fit);
  EXPECT_EQ(build_gpt({partition(kMiB - 512, kMiB, 0x83, "x", '1')}).error().code,
            Code::does_not_fit);
  EXPECT_TRUE(build_gpt({partition(kMiB, 63 * kMiB - kGptTail, 0x83, "x", '1')}));
}

TEST_F(Gpt, WhatItCannotHold) {
  DiskPartition odd = partition(kMiB, kMiB, 0x83, "x", '1');
  odd.uuid = "not a uuid";
  EXPECT_FALSE(build_gpt({odd}));
  odd = partition(kMiB, kMiB, 0x17, "x", '1');
  EXPECT_EQ(build_gpt({odd}).error().code, Code::usage);
  std::vector<DiskPartition> many(129, partition(kMiB, kMiB, 0x83, "x", '1'));
  EXPECT_EQ(build_gpt(many).error().code, Code::does_not_fit);
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
