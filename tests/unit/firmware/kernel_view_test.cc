// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What a mainline kernel makes of synthetic chips, and whether root= names the squashfs there.
// Expected partitions were worked out by hand from linux 6.1 bcm47xxpart.c and parser_trx.c.
#include "lib/firmware/kernel_view.h"

#include <gtest/gtest.h>

#include "lib/firmware/flash_layout.h"

#include "tests/unit/scratch.h"

namespace trxkit::firmware {
namespace {

constexpr std::uint64_t kFlash = 0x800000;
constexpr std::uint64_t kBlock = 0x10000;
constexpr std::uint32_t kHdr0 = 0x30524448;
constexpr std::uint32_t kBelkin = 0x20100322;
constexpr std::uint32_t kSquashfs = 0x73717368;
constexpr std::uint32_t kFlsh = 0x48534c46;
constexpr std::uint32_t kCfe = 0x43464531;

FlashPicture chip(bool cfe_mark = true) {
  FlashPicture picture(kFlash);
  picture.add_words(kFlash - 0x8000, {kFlsh});
  if (cfe_mark) picture.add_words(0x4e0, {kCfe, kCfe});
  return picture;
}

void add_trx(FlashPicture& picture, std::uint64_t at, std::uint32_t magic, std::uint32_t length,
             std::uint32_t part2, std::uint32_t part3 = 0) {
  picture.add_words(at, {magic, length, 0, 0x10000, 0x1c, part2, part3});
}

// "0 boot 0x0+0x20000, ..."
std::string seen(const FlashContents& picture, std::uint64_t erase_size = kBlock) {
  auto partitions = play_bcm47xxpart(picture, erase_size);
  if (!partitions) return partitions.error().what;
  std::string text;
  for (const KernelPartition& partition : *partitions) {
    text += fmt::format("{}{} {} {:#x}+{:#x}{}{}", text.empty() ? "" : ", ", partition.number,
                        partition.name, partition.offset, partition.size,
                        partition.writable ? "" : " ro", partition.nested ? " in" : "");
  }
  return text;
}

TEST(Bcm47xxpart, BelkinMagicLeavesBootRootfsNvram) {
  FlashPicture picture = chip();
  add_trx(picture, 0x20000, kBelkin, 0x400000, 0x2e0000);
  picture.add_words(0x300000, {kSquashfs});
  EXPECT_EQ(seen(picture),
            "0 boot 0x0+0x300000 ro, 1 rootfs 0x300000+0x4f0000, "
            "2 nvram 0x7f0000+0x10000");
}

TEST(Bcm47xxpart, WithoutTheCfeMarkNumbersShift) {
  FlashPicture picture = chip(false);
  add_trx(picture, 0x20000, kBelkin, 0x400000, 0x2e0000);
  picture.add_words(0x300000, {kSquashfs});
  EXPECT_EQ(seen(picture), "0 rootfs 0x300000+0x4f0000, 1 nvram 0x7f0000+0x10000");
}

TEST(Bcm47xxpart, SmallNvramInsideCfeIsAMarkAsWell) {
  FlashPicture picture = chip(false);
  picture.add_words(0x400, {kFlsh});
  EXPECT_EQ(seen(picture), "0 boot 0x0+0x7f0000 ro, 1 nvram 0x7f0000+0x10000");
}

TEST(Bcm47xxpart, HalfACfeMarkIsNone) {
  FlashPicture picture = chip(false);
  picture.add_words(0x4e0, {kCfe, 0});
  EXPECT_EQ(seen(picture), "0 nvram 0x7f0000+0x10000");
}

TEST(Bcm47xxpart, Hdr0IsParsedIntoItsParts) {
  FlashPicture picture = chip();
  add_trx(picture, 0x20000, kHdr0, 0x400000, 0x2e0000);
  picture.add_words(0x300000, {kSquashfs});  // inside the TRX: skipped by the scan
  EXPECT_EQ(seen(picture),
            "0 boot 0x0+0x20000 ro, 1 firmware 0x20000+0x7d0000, 2 linux 0x2001c+0x2dffe4 ro in, "
            "3 rootfs 0x300000+0x4f0000 in, 4 nvram 0x7f0000+0x10000");
}

TEST(Bcm47xxpart, AThirdOffsetMakesTheFirstALoader) {
  FlashPicture picture = chip();
  add_trx(picture, 0x20000, kHdr0, 0x400000, 0x1000, 0x2e0000);
  EXPECT_EQ(seen(picture),
            "0 boot 0x0+0x20000 ro, 1 firmware 0x20000+0x7d0000, 2 loader 0x2001c+0xfe4 ro in, "
            "3 linux 0x21000+0x2df000 ro in, 4 rootfs 0x300000+0x4f0000 in, "
            "5 nvram 0x7f0000+0x10000");
}

TEST(Bcm47xxpart, LengthMayBeShorterThanTheOffsets) {
  FlashPicture picture = chip();
  // A header repaired by `mtd fixtrx`: length is one block, the parts go on.
  add_trx(picture, 0x20000, kHdr0, 0x10000, 0x2e0000);
  picture.add_words(0x300000, {kSquashfs});
  EXPECT_EQ(seen(picture),
            "0 boot 0x0+0x20000 ro, 1 firmware 0x20000+0x7d0000, 2 linux 0x2001c+0x2dffe4 ro in, "
            "3 rootfs 0x300000+0x4f0000 in, 4 nvram 0x7f0000+0x10000");
}

TEST(Bcm47xxpart, ASquashfsBetweenBlocksIsNotSeen) {
  FlashPicture picture = chip();
  picture.add_words(0x301000, {kSquashfs});
  EXPECT_EQ(seen(picture), "0 boot 0x0+0x7f0000 ro, 1 nvram 0x7f0000+0x10000");
  FlashPicture aligned = chip();
  aligned.add_words(0x310000, {kSquashfs});
  EXPECT_EQ(seen(aligned),
            "0 boot 0x0+0x310000 ro, 1 rootfs 0x310000+0x4e0000, "
            "2 nvram 0x7f0000+0x10000");
  EXPECT_EQ(seen(aligned, 0x20000), "0 boot 0x0+0x7e0000 ro, 1 nvram 0x7e0000+0x20000");
}

TEST(Bcm47xxpart, OtherMarks) {
  FlashPicture picture = chip();
  picture.add_words(0x100000 + 0x100, {0x5246504d});
  picture.add_words(0x200000, {0x59544346});
  picture.add_words(0x300000, {0x54544f50, 0x504f});
  picture.add_words(0x400000 + 0x10, {0x39685a42, 0x26594131});
  picture.add_words(0x500000, {0x71736873});
  picture.add_words(0x600000, {kFlsh});
  picture.add_words(0x700000 + 0x8000, {0xbd0d0bbd});
  EXPECT_EQ(seen(picture),
            "0 boot 0x0+0x100000 ro, 1 board_data 0x100000+0x100000 ro, 2 factory "
            "0x200000+0x100000 ro, 3 POT 0x300000+0x100000 ro, 4 ML 0x400000+0x100000 ro, 5 rootfs "
            "0x500000+0x100000, 6 nvram 0x600000+0x100000, 7 board_data 0x700000+0xf0000 ro, "
            "8 nvram 0x7f0000+0x10000");
}

TEST(Bcm47xxpart, TheSecondTrxIsTheFailsafeOne) {
  FlashPicture picture = chip();
  add_trx(picture, 0x20000, kHdr0, 0x10000, 0);
  add_trx(picture, 0x400000, kHdr0, 0x10000, 0x1000);
  EXPECT_EQ(seen(picture),
            "0 boot 0x0+0x20000 ro, 1 firmware 0x20000+0x3e0000, 2 linux 0x2001c+0x3dffe4 ro in, "
            "3 failsafe 0x400000+0x3f0000, 4 nvram 0x7f0000+0x10000");
}

TEST(Bcm47xxpart, HostileHeadersEnd) {
  FlashPicture picture = chip();
  add_trx(picture, 0x20000, kHdr0, 0xffffffff, 0xfffffff0, 0xfffffff0);
  auto partitions = play_bcm47xxpart(picture, kBlock);
  ASSERT_TRUE(partitions);
  EXPECT_LE(partitions->size(), 24u);
  FlashPicture full = chip();
  for (std::uint64_t at = 0x20000; at < kFlash; at += kBlock) full.add_words(at, {kSquashfs});
  EXPECT_EQ(play_bcm47xxpart(full, kBlock)->size(), 20u);
  EXPECT_TRUE(play_bcm47xxpart(FlashPicture(0x800), 0x1000)->empty());
}

class KernelRoot : public test::Scratch {
 protected:
  KernelRoot() : board(*board::load_board("belkin-f7d7301", env)) {
    layout.file = "image.trx";
    layout.squashfs_offset = 0x2e0000;
    layout.squashfs_end = 0x400000;
  }
  // Code and severity of what is said of `command_line`, on a chip with this image.
  std::string verdict(const std::string& command_line, std::uint32_t magic = kBelkin) {
    FlashPicture picture = compose_flash(board, nullptr, nullptr, nullptr);
    if (cfe_mark) picture.add_words(0x4e0, {kCfe, kCfe});
    add_trx(picture, 0x20000, magic, 0x400000, static_cast<std::uint32_t>(*layout.squashfs_offset));
    picture.add_words(0x20000 + *layout.squashfs_offset, {kSquashfs});
    layout.command_line = command_line;
    auto views = view_flash(board, &layout, picture, cfe_known);
    std::string text;
    Findings findings = judge_root(board, layout, *views);
    for (const Finding& finding : findings.list()) {
      text += (text.empty() ? "" : " ") + finding.code;
    }
    return text;
  }
  board::Board board;
  ImageLayout layout;
  bool cfe_mark = false;
  bool cfe_known = false;
};

TEST_F(KernelRoot, DependsOnTheMarkWithoutADump) {
  EXPECT_EQ(verdict("root=/dev/mtdblock1 console=ttyS0"), "MAP013");
  EXPECT_EQ(verdict("root=/dev/mtdblock0"), "MAP013");
  EXPECT_EQ(verdict("root=31:1"), "MAP013");
  EXPECT_EQ(verdict("root=1f01"), "MAP013");
}

TEST_F(KernelRoot, ADumpDecides) {
  cfe_known = true;
  EXPECT_EQ(verdict("root=/dev/mtdblock0"), "MAP016");
  EXPECT_EQ(verdict("root=/dev/mtdblock1"), "MAP012");
  cfe_mark = true;
  EXPECT_EQ(verdict("root=/dev/mtdblock0"), "MAP012");
  EXPECT_EQ(verdict("root=/dev/mtdblock1"), "MAP016");
}

TEST_F(KernelRoot, WhatCannotNameASquashfs) {
  EXPECT_EQ(verdict("root=/dev/mtdblock7"), "MAP012");
  EXPECT_EQ(verdict("root=mtd:rootfs"), "MAP012");
  EXPECT_EQ(verdict("root=/dev/sda1"), "MAP012");
  EXPECT_EQ(verdict("root=PARTLABEL=rootfs"), "MAP012");
  EXPECT_EQ(verdict("root=8:1"), "MAP012");
  EXPECT_EQ(verdict("root="), "MAP012");
}

TEST_F(KernelRoot, TheLastRootCounts) {
  EXPECT_EQ(verdict("root=/dev/sda1 root=/dev/mtdblock1"), "MAP013");
  EXPECT_EQ(verdict("root=/dev/mtdblock1 root=/dev/sda1"), "MAP012");
}

TEST_F(KernelRoot, NoRootNeedsAPatchedKernel) {
  EXPECT_EQ(verdict("console=ttyS0"), "MAP014");
}

TEST_F(KernelRoot, FlashInitFindsItByName) {
  layout.finds_root_by_name = true;
  EXPECT_EQ(verdict("console=ttyS0"), "MAP016");
  EXPECT_EQ(verdict("root=/dev/sda1"), "MAP016");
  EXPECT_EQ(verdict("", kHdr0), "MAP016");
}

TEST_F(KernelRoot, NobodyFindsASquashfsBetweenBlocks) {
  layout.squashfs_offset = 0x2e1000;
  layout.finds_root_by_name = true;
  EXPECT_EQ(verdict(""), "MAP015 MAP015");
}

TEST_F(KernelRoot, WithHdr0TheNumbersAreOthers) {
  cfe_known = true;
  EXPECT_EQ(verdict("root=/dev/mtdblock2", kHdr0), "MAP016");
}

TEST_F(KernelRoot, TheEmulatedBoardTakesItsPartitionsFromTheCommandLine) {
  board = *board::load_board("qemu-malta", env);
  EXPECT_EQ(verdict("root=/dev/vda3"), "MAP016");
  EXPECT_EQ(verdict("root=/dev/vda2"), "MAP012");
  EXPECT_EQ(verdict("root=/dev/mtdblock3"), "MAP012");
}

TEST_F(KernelRoot, ADumpOfTheWholeChipIsReadAsItIs) {
  std::string dump(0x20000, '\xff');
  std::uint32_t mark = kCfe;
  for (int i = 0; i < 8; ++i) {
    dump[0x4e0 + static_cast<std::size_t>(i)] = static_cast<char>(mark >> (8 * (i % 4)));
  }
  auto file = InputFile::open(write("cfe.bin", dump), env);
  ASSERT_TRUE(file);
  FlashPicture picture = compose_flash(board, nullptr, nullptr, &*file);
  auto views = view_flash(board, nullptr, picture, true);
  ASSERT_TRUE(views);
  ASSERT_EQ(views->size(), 1u);
  EXPECT_EQ(views->front().partitions.front().name, "boot");
  EXPECT_EQ(views->front().partitions.back().name, "nvram");
}

TEST_F(KernelRoot, ThePictureCutsWhatLiesBehindTheChip) {
  FlashPicture picture(0x1000);
  picture.add_words(0xffc, {1, 2});
  picture.add_words(0x2000, {3});
  std::array<std::byte, 8> bytes{};
  EXPECT_TRUE(picture.read(0xff8, bytes));
  EXPECT_EQ(bytes[0], std::byte{0xff});
  EXPECT_EQ(bytes[4], std::byte{1});
  EXPECT_FALSE(picture.read(0xffc, bytes));
  EXPECT_FALSE(picture.read(~std::uint64_t{0}, bytes));
}

}  // namespace
}  // namespace trxkit::firmware
