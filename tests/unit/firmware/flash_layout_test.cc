// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The rules of the flash map, each at its boundary.
#include "lib/firmware/flash_layout.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/unit/scratch.h"

namespace trxkit::firmware {
namespace {

// Worked out by hand for the F7D7301: 0x800000 - 0x8000 of nvram, down to a block of 128 KiB.
constexpr std::uint64_t kLimit = 0x7e0000;
constexpr std::uint64_t kStart = 0x20000;

class FlashLayout : public test::Scratch {
 protected:
  FlashLayout() : board(*board::load_board("belkin-f7d7301", env)) {
    set_image(0x2e0000, 0x4a7123);
  }
  // An image as pack writes it: squashfs in [start, end), length rounded up to 4 KiB, markers.
  void set_image(std::uint64_t start, std::uint64_t end) {
    layout.file = "image.trx";
    layout.length = (end + 0xfff) / 0x1000 * 0x1000;
    layout.squashfs_offset = start;
    layout.squashfs_end = end;
    layout.parts = {{1, 0x1c, start - 0x1c, PartKind::kernel, "kernel (gzip)"},
                    {2, start, layout.length - start, PartKind::squashfs, "squashfs (xz)"}};
    layout.markers = marker_places(board, end);
    layout.written_size = std::max(layout.length, layout.markers.back() + 4);
  }
  Findings judge() const { return judge_layout(board, layout); }
  const Finding* find(const Findings& findings, std::string_view code) const {
    auto found = std::ranges::find(findings.list(), code, &Finding::code);
    return found == findings.list().end() ? nullptr : &*found;
  }

  board::Board board;
  ImageLayout layout;
};

TEST_F(FlashLayout, PlacesOfTheBelkin) {
  EXPECT_EQ(firmware_offset(board), kStart);
  EXPECT_EQ(firmware_limit(board), kLimit);
  EXPECT_EQ(squashfs_place(board, 0x1c), 0x20000u);
  EXPECT_EQ(squashfs_place(board, 0x2e0000), 0x2e0000u);
  EXPECT_EQ(squashfs_place(board, 0x2e0001), 0x300000u);
  EXPECT_EQ(marker_places(board, 0x400000), (std::vector<std::uint64_t>{0x400000}));
  EXPECT_EQ(marker_places(board, 0x400001), (std::vector<std::uint64_t>{0x410000, 0x420000}));
  EXPECT_EQ(marker_places(board, 0x410001), (std::vector<std::uint64_t>{0x420000}));
}

TEST_F(FlashLayout, AKnownEraseSizeOverrules) {
  ASSERT_TRUE(assume_erase_size(board, 0x10000));
  EXPECT_EQ(firmware_limit(board), 0x7f0000u);
  EXPECT_EQ(squashfs_place(board, 0x2e0001), 0x2f0000u);
  EXPECT_EQ(marker_places(board, 0x400001), (std::vector<std::uint64_t>{0x410000}));
  for (std::uint64_t wrong : {0u, 0x800u, 0x11000u, 0x200000u}) {
    auto status = assume_erase_size(board, wrong);
    ASSERT_FALSE(status) << wrong;
    EXPECT_EQ(status.error().code, Code::usage);
  }
}

TEST_F(FlashLayout, ASoundImageHasNotesOnly) {
  Findings findings = judge();
  EXPECT_TRUE(findings.passed(true));
  ASSERT_NE(find(findings, "MAP009"), nullptr);
  EXPECT_EQ(find(findings, "MAP009")->message, "fits, 3145724 bytes (3 MiB) left up to 0x7e0000");
  // Inferred values are said: erase size and the end of the room.
  EXPECT_EQ(std::ranges::count(findings.list(), "MAP011", &Finding::code), 2);
  EXPECT_TRUE(findings.has("MAP010"));
}

TEST_F(FlashLayout, FitsExactlyAndNotAByteMore) {
  layout.squashfs_offset.reset();
  layout.squashfs_end.reset();
  layout.markers.clear();
  layout.length = layout.written_size = kLimit - kStart;
  EXPECT_TRUE(judge().passed(true));
  layout.written_size += 1;
  Findings findings = judge();
  const Finding* over = find(findings, "MAP002");
  ASSERT_NE(over, nullptr);
  EXPECT_EQ(over->message,
            "the image ends at 0x7e0001 of the flash, 1 byte (1 erase block of 128 KiB) behind "
            "0x7e0000, where nvram's erase block may start; the largest part is part 1, kernel "
            "(gzip), with 3014628 bytes (2.87 MiB)");
  EXPECT_FALSE(findings.has("MAP009"));
}

TEST_F(FlashLayout, LengthAloneCounts) {
  layout.length = 0xffffffff;
  EXPECT_TRUE(judge().has("MAP001"));
}

TEST_F(FlashLayout, BehindThePartitionIsWorseThanBehindTheLimit) {
  layout.written_size = 0x7f0000 - kStart;
  EXPECT_TRUE(judge().has("MAP002"));
  layout.written_size += 1;
  Findings findings = judge();
  EXPECT_TRUE(findings.has("MAP001"));
  EXPECT_FALSE(findings.has("MAP002"));
  EXPECT_NE(find(findings, "MAP001")->message.find("65537 bytes (1 erase block of 128 KiB)"),
            std::string::npos);
  EXPECT_EQ(find(findings, "MAP001")->hint, "make it at least 65537 bytes smaller");
}

TEST_F(FlashLayout, AKnownEraseSizeFreesTheSmallerBlock) {
  layout.written_size = 0x7f0000 - kStart;
  ASSERT_TRUE(assume_erase_size(board, 0x10000));
  EXPECT_FALSE(judge().has("MAP001"));
  EXPECT_FALSE(judge().has("MAP002"));
}

TEST_F(FlashLayout, SquashfsAtEveryPossibleBlock) {
  set_image(0x2f0000, 0x4a7123);
  EXPECT_TRUE(judge().has("MAP004"));
  EXPECT_FALSE(judge().has("MAP003"));
  set_image(0x2e0001, 0x4a7123);
  Findings findings = judge();
  EXPECT_FALSE(findings.has("MAP004"));
  ASSERT_NE(find(findings, "MAP003"), nullptr);
  EXPECT_EQ(find(findings, "MAP003")->where.text(), "image.trx@0x2e0001");
  EXPECT_EQ(find(findings, "MAP003")->hint, "it has to start at 0x300000 of the image");
}

TEST_F(FlashLayout, TheCrcNeverCoversAWritableBlock) {
  set_image(0x2e0000, 0x3f0000);  // ends with a block of 64 KiB
  layout.length = 0x3f0000;
  EXPECT_FALSE(judge().has("MAP005"));
  layout.length += 1;
  Findings findings = judge();
  ASSERT_NE(find(findings, "MAP005"), nullptr);
  EXPECT_EQ(find(findings, "MAP005")->where.text(), "image.trx@0x4");
  // As OpenWrt packs: the marker within the length.
  set_image(0x2e0000, 0x4a7123);
  layout.length = 0x4b0004;
  EXPECT_TRUE(judge().has("MAP005"));
}

TEST_F(FlashLayout, MarkersAtTheFirstBlockBehindTheSquashfs) {
  set_image(0x2e0000, 0x490001);  // 64 KiB blocks: 0x4a0000; 128 KiB ones as well
  EXPECT_EQ(layout.markers.size(), 1u);
  EXPECT_FALSE(judge().has("MAP007"));
  layout.markers.front() += 0x10000;
  EXPECT_TRUE(judge().has("MAP007"));
  set_image(0x2e0000, 0x480001);
  EXPECT_EQ(layout.markers.size(), 2u);
  layout.markers.pop_back();
  EXPECT_TRUE(judge().has("MAP007"));
  layout.markers.clear();
  EXPECT_TRUE(judge().has("MAP006"));
  EXPECT_FALSE(judge().has("MAP007"));
}

TEST_F(FlashLayout, FiveBlocksForJffs2) {
  std::uint64_t five = 5 * 0x20000;
  set_image(0x2e0000, kLimit - kStart - five);
  EXPECT_FALSE(judge().has("MAP008"));
  set_image(0x2e0000, kLimit - kStart - five + 1);
  EXPECT_TRUE(judge().has("MAP008"));
}

TEST_F(FlashLayout, ProvenUpload) {
  layout.squashfs_offset.reset();
  layout.squashfs_end.reset();
  layout.length = layout.written_size = 3870720;
  EXPECT_FALSE(judge().has("MAP010"));
  layout.written_size += 1;
  EXPECT_TRUE(judge().has("MAP010"));
}

TEST_F(FlashLayout, HostileNumbersDoNotWrap) {
  std::uint64_t huge = ~std::uint64_t{0};
  layout.length = huge;
  layout.written_size = huge;
  layout.squashfs_offset = huge - 1;
  layout.squashfs_end = huge;
  layout.parts[0].size = huge;
  layout.markers = {huge};
  EXPECT_TRUE(judge().has("MAP001"));
}

}  // namespace
}  // namespace trxkit::firmware
