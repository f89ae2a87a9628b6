// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// mkbootusb write onto sticks larger than their image, full of 0xFF before: partition tables judged
// by sfdisk, file systems by e2fsck, every file compared. And block maps beside images.
#include <gmock/gmock.h>

#include "lib/core/json.h"

#include "mkbootusb/program.h"
#include "tests/unit/scratch.h"

namespace trxkit {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class WriteGrow : public test::Scratch {
 public:
  std::string tool(const std::string& command, int status = 0) const {
    return shell(
        "PATH=$PATH:/usr/sbin:/sbin; export TZ=UTC LC_ALL=C MTOOLS_SKIP_CHECK=1; " + command,
        status);
  }

  /// stick.img of 60 MiB: FAT with a file at 1 MiB, then from 40 MiB on an ext file system with
  /// files; `label` is the table's ("dos", "gpt"), `type` "ext2" to "ext4".
  void make_image(const std::string& label, const std::string& type,
                  const std::string& name = "USBDATA") const {
    tool(
        "rm -rf t stick.img; mkdir t; head -c 3000000 /dev/urandom >t/noise; echo a >t/a\n"
        "head -c 200000 /dev/zero >t/zeros; truncate -s 60M stick.img\n"
        "printf 'label: " +
        label +
        "\\nunit: sectors\\n2048,77824\\n81920,38912\\n' | "
        "sfdisk -q stick.img\n"
        "mkfs.fat -F 16 -n USBBOOT --offset 2048 stick.img 38912\n"
        "mcopy -i stick.img@@1M -s t ::t\n"
        "truncate -s 19M ext; mke2fs -q -F -t " +
        type + " -O ^metadata_csum,^64bit -L " + name +
        " -d t ext; dd if=ext of=stick.img bs=1M seek=40 conv=notrunc status=none; rm ext");
  }

  void make_target(int mebibytes) const {
    tool(fmt::format("head -c {}M /dev/zero | tr '\\0' '\\377' >target", mebibytes));
  }

  int run(std::vector<std::string> more = {}) {
    std::vector<std::string> arguments{"write", path("stick.img"), path("target")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    out.str("");
    err.str("");
    return mkbootusb_main(arguments, env);
  }

  /// Both file systems of the target are sound and hold every file; the second has `blocks` of 1
  /// KiB.
  void expect_stick(std::uint64_t kibibytes) const {
    tool(
        "rm -rf back; mkdir back; mcopy -i target@@1M -s ::t back; diff -r t back/t; "
        "dd if=target of=fat bs=1M skip=1 count=38 status=none; fsck.fat -n fat");
    tool(
        fmt::format("dd if=target of=ext bs=1M skip=40 conv=sparse status=none\n"
                    "e2fsck -fn ext; rm -rf back; mkdir back; debugfs -R 'rdump / back' ext\n"
                    "rmdir back/lost+found; diff -r t back\n"
                    "dumpe2fs -h ext 2>&1 | awk '/^Block count/ {{ c = $3 }} /^Block size/ {{ s = "
                    "$3 }} END {{ exit c * s != {} * 1024 }}'",
                    kibibytes));
  }
};

TEST_F(WriteGrow, TheDataPartitionReachesTheEnd) {
  for (const char* type : {"ext2", "ext3", "ext4"}) {
    make_image("dos", type);
    make_target(200);
    ASSERT_EQ(run({"--write"}), 0) << err.str();
    EXPECT_THAT(out.str(), HasSubstr("partition 2 (USBDATA) grows to the end of the disk, from "
                                     "19 MiB to 160 MiB"));
    expect_stick(160 * 1024);
    std::string table = tool("sfdisk -J target");
    EXPECT_THAT(table, HasSubstr("\"start\": 81920,\n            \"size\": 327680,"));
    EXPECT_THAT(table, HasSubstr("\"start\": 2048,\n            \"size\": 77824,"));
    EXPECT_EQ(tool("sfdisk --disk-id target"), tool("sfdisk --disk-id stick.img"));
  }
}

TEST_F(WriteGrow, AGptReachesTheEndToo) {
  make_image("gpt", "ext4");
  make_target(200);
  ASSERT_EQ(run({"--write"}), 0) << err.str();
  expect_stick(159 * 1024);  // whole MiB, without the second table
  EXPECT_THAT(tool("sfdisk --verify target"), HasSubstr("No errors detected"));
  std::string table = tool("sfdisk -J target");
  EXPECT_THAT(table, HasSubstr(fmt::format("\"lastlba\": {},", 200 * 2048 - 34)));
  EXPECT_THAT(table, HasSubstr("\"start\": 81920,\n            \"size\": 325632,"));
  EXPECT_EQ(tool("sfdisk -d target | sed -n 's/.*type=/type=/p'"),
            tool("sfdisk -d stick.img | sed -n 's/.*type=/type=/p'"));
  // The second copy is as good as the first.
  tool("dd if=/dev/zero of=target bs=512 seek=1 count=1 conv=notrunc status=none");
  EXPECT_THAT(tool("sfdisk -d target 2>/dev/null"),
              HasSubstr("start=       81920, size=      325632"));
}

TEST_F(WriteGrow, AGptWithoutDataPartition) {
  make_image("gpt", "ext4", "other");
  make_target(100);
  ASSERT_EQ(run({"--write"}), 0) << err.str();
  EXPECT_THAT(out.str(), Not(HasSubstr("grows")));
  EXPECT_THAT(tool("sfdisk --verify target"), HasSubstr("No errors detected"));
  tool("dd if=target of=ext bs=1M skip=40 count=19 conv=sparse status=none");
  tool("e2fsck -fn ext");
}

TEST_F(WriteGrow, OnlyWhereThereIsRoomForMore) {
  make_image("dos", "ext4");
  make_target(60);
  ASSERT_EQ(run({"--write"}), 0) << err.str();
  EXPECT_THAT(out.str(), Not(HasSubstr("grows")));
  tool("cmp -n 2000 stick.img target; truncate -s 61M target");
  ASSERT_EQ(run({"--write"}), 0) << err.str();
  EXPECT_THAT(out.str(), HasSubstr("from 19 MiB to 21 MiB"));
}

TEST_F(WriteGrow, NotWhereItIsForbiddenOrNotTheLast) {
  make_image("dos", "ext4");
  make_target(200);
  ASSERT_EQ(run({"--write", "--no-grow"}), 0) << err.str();
  EXPECT_THAT(out.str(), Not(HasSubstr("grows")));
  tool(
      "sfdisk -d stick.img | grep start >a; sfdisk -d target | grep start >b; "
      "sed -i 's/^[^:]*//' a b; diff a b");
  make_image("dos", "ext4");
  tool("echo 120832,2048 | sfdisk -q --append stick.img");
  ASSERT_EQ(run({"--write"}), 0) << err.str();
  EXPECT_THAT(out.str(), Not(HasSubstr("grows")));
}

TEST_F(WriteGrow, ThePlanShowsItAndWritesNothing) {
  make_image("dos", "ext4");
  make_target(200);
  tool("cp target before");
  ASSERT_EQ(run({"--json"}), 0);
  auto json = Json::parse(out.str(), "stdout").value();
  const Json* grows = json.find("grows");
  ASSERT_NE(grows, nullptr);
  EXPECT_EQ(*grows->find("partition")->number(), 2U);
  EXPECT_EQ(*grows->find("from")->number(), 19U << 20);
  EXPECT_EQ(*grows->find("to")->number(), 160U << 20);
  tool("cmp target before");
}

// 64 MB of RAM check 64 GiB.
TEST_F(WriteGrow, WhatTheRouterCannotCheckIsAFindingBeforeAnythingIsWritten) {
  make_image("dos", "ext4");
  tool(
      "printf 'board qemu-malta\\nbuild 1\\n' >boot.manifest; mmd -i stick.img@@1M ::boot\n"
      "mcopy -i stick.img@@1M boot.manifest ::boot/; truncate -s 66G target");
  EXPECT_EQ(run(), 0);
  EXPECT_THAT(err.str(), HasSubstr("USBDATA has 65.96 GiB: its check takes about 66 MiB of memory, "
                                   "and the router has 64 MiB"));
  EXPECT_THAT(err.str(), HasSubstr("[STK001]"));
  EXPECT_EQ(run({"--strict", "--write"}), 5);
  EXPECT_THAT(tool("du -k target"), HasSubstr("0\t"));
  tool("truncate -s 64G target");
  EXPECT_EQ(run(), 0);
  EXPECT_THAT(err.str(), Not(HasSubstr("[STK0")));
  tool("truncate -s 70G target");
  EXPECT_EQ(run({"--no-grow"}), 0);
  EXPECT_THAT(err.str(), Not(HasSubstr("[STK0")));
}

TEST_F(WriteGrow, SwapOfTheImageHelpsTheCheck) {
  make_image("dos", "ext4");
  tool(
      "truncate -s 38M swap; mkswap swap; truncate -s 66G target\n"
      "dd if=swap of=stick.img bs=1M seek=1 conv=notrunc status=none");
  EXPECT_EQ(run({"--board", "qemu-malta"}), 0);
  EXPECT_THAT(err.str(), Not(HasSubstr("[STK0")));
  tool("truncate -s 110G target");
  EXPECT_EQ(run({"--board", "qemu-malta"}), 0);
  EXPECT_THAT(err.str(), HasSubstr("(RAM 64 MiB, swap 38 MiB)"));
  EXPECT_EQ(run({"--board", "nobodys"}), 2);
}

TEST_F(WriteGrow, AnImageOfNobodysBoard) {
  make_image("dos", "ext4");
  tool("truncate -s 8G target");
  EXPECT_EQ(run(), 0);
  EXPECT_THAT(err.str(), Not(HasSubstr("[STK0")));
  tool("truncate -s 9G target");
  EXPECT_EQ(run(), 0);
  EXPECT_THAT(err.str(), HasSubstr("[STK011]"));
  for (const char* board : {"nobodys", "/etc/passwd", "x.toml"}) {
    tool(std::string("printf 'board ") + board +
         "\\n' >boot.manifest; mmd -D s -i stick.img@@1M ::boot\n"
         "mcopy -o -i stick.img@@1M boot.manifest ::boot/");
    EXPECT_EQ(run(), 0) << err.str();
    EXPECT_THAT(err.str(), HasSubstr("[STK011]")) << board;
  }
}

TEST_F(WriteGrow, AFaultyFileSystemDoesNotGrow) {
  make_image("dos", "ext4");
  // The root directory is gone: nothing that e2fsck mends unasked.
  tool("debugfs -w -R 'clri <2>' 'stick.img?offset=41943040'");
  make_target(100);
  tool("cp target before");
  EXPECT_EQ(run({"--write"}), 3) << err.str();
  EXPECT_THAT(err.str(), HasSubstr("has faults and cannot grow"));
  tool("cmp target before");
  EXPECT_EQ(run({"--write", "--no-grow"}), 0) << err.str();
}

TEST_F(WriteGrow, TwoWritesAreEqual) {
  make_image("gpt", "ext4");
  make_target(200);
  tool("cp target again");
  ASSERT_EQ(run({"--write"}), 0) << err.str();
  tool("mv target first; mv again target; sleep 1.1");  // file systems note seconds
  ASSERT_EQ(run({"--write"}), 0) << err.str();
  tool("cmp first target");
  ASSERT_EQ(run({"--write", "--minimize"}), 0) << err.str();
  EXPECT_THAT(out.str(), HasSubstr("holds all of it already"));
}

TEST_F(WriteGrow, TakesTheBlockMapBesideTheImage) {
  make_image("dos", "ext4");
  tool(
      "cp --sparse=always stick.img s; mv s stick.img; bmaptool create -o stick.img.bmap "
      "stick.img");
  make_target(100);
  ASSERT_EQ(run({"--write"}), 0) << err.str();
  EXPECT_THAT(out.str(), HasSubstr("stick.img.bmap: belongs to the image, every hash is right"));
  // What is zero and somebody's is written, though a map made from holes leaves it out.
  EXPECT_THAT(err.str(), HasSubstr("[DEV014]"));
  expect_stick(60 * 1024);
  tool("printf x | dd of=stick.img bs=1 seek=41945000 conv=notrunc status=none; cp target before");
  EXPECT_EQ(run({"--write"}), 3);
  EXPECT_THAT(err.str(), HasSubstr("[DEV013]"));
  tool("cmp target before");
}

TEST_F(WriteGrow, AMapTellsWhatOfUnknownStructuresIsWritten) {
  tool(
      "truncate -s 4M stick.img; printf x | dd of=stick.img bs=1 seek=70000 conv=notrunc "
      "status=none; bmaptool create -o stick.img.bmap stick.img");
  make_target(4);
  ASSERT_EQ(run({"--write", "--json"}), 0) << err.str();
  auto json = Json::parse(out.str(), "stdout").value();
  EXPECT_LT(*json.find("mapped")->number(), 1U << 20);
  EXPECT_TRUE(json.find("block_map")->text()->ends_with("/stick.img.bmap"));
  EXPECT_THAT(err.str(), Not(HasSubstr("[DEV0")));
  EXPECT_EQ(read("target").substr(70000, 1), "x");
}

}  // namespace
}  // namespace trxkit
