// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The flash map: extents without gaps, labels without overlaps, text and SVG.
#include "lib/firmware/flash_map.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "lib/firmware/flash_layout.h"
#include "lib/firmware/map_labels.h"

#include "tests/unit/scratch.h"

namespace trxkit::firmware {
namespace {

class FlashMapTest : public test::Scratch {
 protected:
  FlashMapTest() : board(*board::load_board("belkin-f7d7301", env)) {
    layout.file = "image.trx";
    layout.length = 0x4a8000;
    layout.written_size = 0x4c0004;
    layout.squashfs_offset = 0x2e0000;
    layout.squashfs_end = 0x4a7123;
    layout.parts = {{1, 0x1c, 0x2bfff0, PartKind::kernel, "kernel (gzip)"},
                    {2, 0x2e0000, 0x1c8000, PartKind::squashfs, "squashfs <xz>"}};
    layout.markers = {0x4b0000, 0x4c0000};
  }
  FlashMap map() const {
    FlashPicture chip = compose_flash(board, nullptr, nullptr, nullptr);
    chip.add_words(0x300000, {0x73717368});
    return {.title = board.model,
            .subtitle = layout.file,
            .plan = plan_flash(board, &layout),
            .views = *view_flash(board, &layout, chip, false)};
  }
  static void expect_gapless(const FlashPlan& plan) {
    std::uint64_t place = 0;
    for (const FlashExtent& extent : plan.extents) {
      EXPECT_EQ(extent.offset, place);
      EXPECT_GT(extent.size, 0u);
      place = extent.end();
    }
    EXPECT_EQ(place, plan.flash_size);
  }
  board::Board board;
  ImageLayout layout;
};

TEST_F(FlashMapTest, TheReadmeShowsWhatIsDrawn) {
  layout.file = "belkin-f7d7301.trx";
  layout.length = 0x2e3000;
  layout.written_size = 0x300004;
  layout.squashfs_offset = 0x1c0000;
  layout.squashfs_end = 0x2e22ba;
  layout.parts = {{1, 0x1c, 0x1bffe4, PartKind::kernel, "kernel (loader, LZMA)"},
                  {2, 0x1c0000, 0x123000, PartKind::squashfs, "squashfs (xz)"}};
  layout.markers = {0x2f0000, 0x300000};
  FlashPicture chip = compose_flash(board, nullptr, nullptr, nullptr);
  chip.add_words(0x1e0000, {0x73717368});
  FlashMap shown{.title = board.model,
                 .subtitle = layout.file,
                 .plan = plan_flash(board, &layout),
                 .views = *view_flash(board, &layout, chip, false)};
  std::string text;
  for (const std::string& line : draw_text(shown)) text += line + "\n";
  std::string readme = *read_text_file(test::source_directory() + "/README.md", env);
  std::size_t start = readme.find(board.model + " with");
  ASSERT_NE(start, std::string::npos);
  EXPECT_EQ(readme.substr(start, readme.find("```", start) - start), text);
}

TEST_F(FlashMapTest, ExtentsOfAnImage) {
  FlashPlan plan = plan_flash(board, &layout);
  expect_gapless(plan);
  std::string text;
  for (const FlashExtent& extent : plan.extents) {
    text += fmt::format("{} {:#x}\n", name_of(extent.kind), extent.end());
  }
  EXPECT_EQ(text,
            "boot loader 0x20000\nTRX header 0x2001c\nkernel 0x2e000c\npadding 0x300000\n"
            "squashfs 0x4c7123\npadding 0x4d0000\nJFFS2 0x7f0000\nnvram 0x800000\n");
  EXPECT_EQ(plan.jffs2_size(), 0x320000u);
  EXPECT_EQ(plan.image_end, 0x4e0004u);
}

TEST_F(FlashMapTest, NonsenseIsCutToWhatCanBeDrawn) {
  std::uint64_t huge = ~std::uint64_t{0};
  expect_gapless(plan_flash(board, nullptr));
  layout.parts.push_back({3, 0x10, huge, PartKind::unknown, "x"});
  expect_gapless(plan_flash(board, &layout));
  layout.parts[1].offset = huge;
  layout.length = huge;
  layout.squashfs_end = huge;
  expect_gapless(plan_flash(board, &layout));
  layout.squashfs_end.reset();
  layout.squashfs_offset = huge;
  expect_gapless(plan_flash(board, &layout));
  layout.parts.clear();
  expect_gapless(plan_flash(board, &layout));
}

TEST_F(FlashMapTest, TextHasTheKernelBeside) {
  std::string text;
  for (const std::string& line : draw_text(map())) {
    EXPECT_FALSE(line.ends_with(' ')) << line;
    text += line + "\n";
  }
  EXPECT_NE(text.find("flash of 8 MiB, erase blocks of 64 KiB (perhaps 128 KiB)"),
            std::string::npos);
  EXPECT_NE(
      text.find("  flash   BKKKKKKKKKKKKKKKKKKKKKK-SSSSSSSSSSSSSSSJJJJJJJJJJJJJJJJJJJJJJJJN\n"),
      std::string::npos)
      << text;
  EXPECT_NE(text.find("  0x300000  0x4c7123    1.78 MiB  squashfs <xz>"), std::string::npos)
      << text;
  EXPECT_NE(text.find("mtd0 rootfs\n"), std::string::npos) << text;
  EXPECT_NE(text.find("JFFS2 gets 3.12 MiB: 50 erase blocks of 64 KiB\n"), std::string::npos);
}

TEST_F(FlashMapTest, AnImageThatDoesNotFitShowsWhereItEndsAndWhatItDestroys) {
  layout.length = 0x7f0008;
  layout.written_size = layout.length;
  layout.squashfs_end = layout.length;
  layout.parts[1].size = layout.length - layout.parts[1].offset;
  FlashPlan plan = plan_flash(board, &layout);
  expect_gapless(plan);
  EXPECT_EQ(plan.image_end, 0x810008u);
  EXPECT_EQ(plan.overwritten, std::vector<std::string>{"nvram"});
  std::vector<std::string> room = describe_room(plan);
  EXPECT_EQ(room.at(0),
            "the image ends at 0x810008: 192.01 KiB behind 0x7e0000, where it has to end");
  EXPECT_EQ(room.at(1), "it would overwrite nvram");
  EXPECT_TRUE(draw_text(map()).at(4).ends_with("SS!")) << draw_text(map()).at(4);
  EXPECT_NE(draw_svg(map()).find(">192.01 KiB too long<"), std::string::npos);
  layout.length = layout.written_size = 0x7c8000;  // up to 0x7e8000: into the doubtful block alone
  EXPECT_TRUE(plan_flash(board, &layout).overwritten.empty());
}

TEST_F(FlashMapTest, DenseBlocksShareATick) {
  board.flash.erase_size.value = 0x1000;
  board.flash.largest_erase_size = 0x1000;
  EXPECT_NE(draw_svg(map()).find(">ticks: every 32 KiB, 8 erase blocks<"), std::string::npos);
  board.flash.erase_size.value = 0x10000;
  EXPECT_NE(draw_svg(map()).find(">ticks: erase blocks of 64 KiB<"), std::string::npos);
}

TEST_F(FlashMapTest, SvgIsWellFormedAndSelfContained) {
  std::string svg = draw_svg(map());
  EXPECT_EQ(svg, draw_svg(map()));
  EXPECT_NE(svg.find("squashfs &lt;xz&gt;"), std::string::npos);
  // The header's place stands for the image's; seams below 4 KiB have none.
  EXPECT_NE(svg.find(">0x020000<"), std::string::npos);
  EXPECT_EQ(svg.find(">0x02001c<"), std::string::npos);
  EXPECT_NE(svg.find(">0x4d0000<"), std::string::npos);
  for (const char* outside : {"href", "url(http", "@import", "<script", "<image"}) {
    EXPECT_EQ(svg.find(outside), std::string::npos) << outside;
  }
  write("map.svg", svg);
  shell("python3 -c 'import xml.dom.minidom as m; m.parse(\"map.svg\")'");
}

TEST(Labels, AreCutBetweenCharacters) {
  EXPECT_EQ(shortened("squashfs", 8), "squashfs");
  EXPECT_EQ(shortened("squashfs (xz)", 9), "squashfs…");
  EXPECT_EQ(shortened("Büro", 3), "B…");  // u-umlaut has two bytes
  EXPECT_EQ(shortened("Büro Nord", 4), "Bü…");
}

TEST(Labels, OffsetsOfOneFlashHaveTheSameWidth) {
  EXPECT_EQ(offset_text(0x20000, 8 << 20), "0x020000");
  EXPECT_EQ(offset_text(0x40000, 32 << 20), "0x0040000");
  EXPECT_EQ(offset_text(32 << 20, 32 << 20), "0x2000000");
}

TEST(Labels, StandApartAndCloseToTheirTargets) {
  std::vector<Label> labels;
  for (double target : {500.0, 100.0, 101.0, 102.0, 899.0, 900.0}) {
    labels.push_back({target, 0, {}, {}});
  }
  spread(labels, 16, 50, 900);
  EXPECT_TRUE(std::ranges::is_sorted(labels, {}, &Label::target));
  for (std::size_t i = 1; i < labels.size(); ++i) {
    EXPECT_GE(labels[i].at - labels[i - 1].at, 15.999);
  }
  EXPECT_DOUBLE_EQ(labels[1].at, 101);  // the middle one of three stays
  EXPECT_DOUBLE_EQ(labels[3].at, 500);
  EXPECT_LE(labels.back().at, 900);
  std::vector<Label> none;
  spread(none, 16, 0, 10);
}

}  // namespace
}  // namespace trxkit::firmware
