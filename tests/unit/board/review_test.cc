// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Board files under scrutiny: all faults in one run, each at its place, and what is said of files
// that are sound.
#include "lib/board/review.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "lib/system/file.h"

#include "tests/unit/scratch.h"

namespace trxkit::board {
namespace {

class Review : public test::Scratch {
 protected:
  /// A shipped file with `old` replaced.
  std::string shipped(const std::string& name, std::string_view old = {},
                      std::string_view fresh = {}) const {
    std::string path = test::source_directory() + "/boards/" + name + ".toml";
    std::string text = *read_text_file(path, env);
    std::size_t place = text.find(old);
    EXPECT_NE(place, std::string::npos) << old;
    return text.replace(place, old.size(), fresh);
  }
  static std::vector<std::string> found(const Findings& findings, Severity least) {
    std::vector<std::string> codes;
    for (const Finding& finding : findings.list()) {
      if (finding.severity >= least) codes.push_back(finding.code + "@" + finding.where.text());
    }
    return codes;
  }
  static const Finding* first(const Findings& findings, std::string_view code) {
    auto finding = std::ranges::find(findings.list(), code, &Finding::code);
    return finding == findings.list().end() ? nullptr : &*finding;
  }
};

using Codes = std::vector<std::string>;

TEST_F(Review, NamesEveryFaultOfOneFile) {
  auto review =
      review_text("[board]\nnam = \"x\"\nmodel = 7\n[ram]\nsize = 1\n[flesh]\n", "b.toml");
  ASSERT_TRUE(review);
  EXPECT_FALSE(review->board);
  EXPECT_EQ(
      found(review->findings, Severity::error),
      (Codes{"BRD002@b.toml:2:1", "BRD004@b.toml:3:9", "BRD003@b.toml:1:1", "BRD005@b.toml:5:8",
             "BRD002@b.toml:6:2", "BRD003@b.toml:1:1", "BRD003@b.toml:1:1", "BRD003@b.toml:1:1",
             "BRD003@b.toml:1:1", "BRD003@b.toml:1:1"}));
  // One mistake is one finding: neither 'name' nor [flash] are said to be missing.
  for (const Finding& finding : review->findings.list()) {
    EXPECT_EQ(finding.message.find("'name' is missing"), std::string::npos);
    EXPECT_EQ(finding.message.find("[flash] is missing"), std::string::npos);
  }
  EXPECT_EQ(review->findings.list().front().source_line, "nam = \"x\"");
}

TEST_F(Review, TextThatIsNoTomlIsAFailure) {
  auto review = review_text("[board\n", "b.toml");
  ASSERT_FALSE(review);
  EXPECT_EQ(review.error().finding, "BRD001");
}

TEST_F(Review, RulesThatTakeTwoValuesAreAllReported) {
  std::string text = shipped("qemu-malta", "space = { value = 0x8000", "space = { value = 0x11000");
  text.replace(text.find("reserve = { value = 0x100000"), 28, "reserve = { value = 0x2000000");
  text.replace(text.find("aliases = [\"malta\"]"), 19, "aliases = [\"qemu-malta\"]");
  auto review = review_text(text, "b.toml");
  ASSERT_TRUE(review);
  EXPECT_FALSE(review->board);
  Codes codes;
  for (const Finding& finding : review->findings.list()) {
    if (finding.severity == Severity::error) codes.push_back(finding.code);
  }
  EXPECT_EQ(codes, (Codes{"BRD010", "BRD010", "BRD009"}));
}

TEST_F(Review, BootLoadersStartTheFlash) {
  std::string text = shipped("qemu-malta", "role = \"bootloader\"", "role = \"data\"");
  std::size_t firmware = text.find("role = \"firmware\"");
  text.replace(firmware, 17, "role = \"bootloader\"");
  auto review = review_text(text, "b.toml");
  ASSERT_TRUE(review);
  const Finding* finding = first(review->findings, "BRD010");
  ASSERT_NE(finding, nullptr);
  EXPECT_EQ(finding->message, "partition 'firmware' does not start with the flash");
  EXPECT_GT(finding->where.column, 1u);
}

TEST_F(Review, UncertainValuesNeedASource) {
  auto review =
      review_text(shipped("qemu-malta",
                          "erase = { value = 0x10000, confidence = \"inferred\", source = \"as "
                          "belkin-f7d7301\" }",
                          "erase = { value = 0x10000, confidence = \"inferred\" }"),
                  "b.toml");
  ASSERT_TRUE(review && review->board);
  const Finding* finding = first(review->findings, "BRD014");
  ASSERT_NE(finding, nullptr);
  EXPECT_EQ(finding->severity, Severity::warning);
  EXPECT_EQ(finding->message, "'flash.erase' is inferred, but says not from what");
  EXPECT_EQ(finding->where.column, 19u);
  EXPECT_FALSE(review_text(shipped("qemu-malta"), "b.toml")->findings.has("BRD014"));
}

TEST_F(Review, GuessesAreNoted) {
  auto review = review_text(shipped("belkin-f7d8301"), "b.toml");
  ASSERT_TRUE(review && review->board);
  const Finding* finding = first(review->findings, "BRD017");
  ASSERT_NE(finding, nullptr);
  EXPECT_EQ(finding->severity, Severity::note);
  EXPECT_FALSE(review_text(shipped("qemu-malta"), "b.toml")->findings.has("BRD017"));
}

TEST_F(Review, ParallelChipsMayHaveUnevenBlocksUntilALogShowsThem) {
  EXPECT_TRUE(review_text(shipped("belkin-f7d7301"), "b.toml")->findings.has("BRD013"));
  std::string known =
      shipped("belkin-f7d7301", "erase = { value = 0x10000, confidence = \"inferred\"",
              "erase = { value = 0x10000, confidence = \"log\"");
  EXPECT_FALSE(review_text(known, "b.toml")->findings.has("BRD013"));
  std::string serial =
      shipped("belkin-f7d7301", "value = \"nor-parallel\"", "value = \"nor-serial\"");
  auto review = review_text(serial, "b.toml");
  EXPECT_FALSE(review->findings.has("BRD013"));
  EXPECT_EQ(review->board->flash.type, FlashType::nor_serial);
}

class Folder : public Review {
 protected:
  Folder() {
    write("boards/qemu-malta.toml", shipped("qemu-malta"));
    env.data_directory = folder;
  }
  std::string other(std::string_view old, std::string_view fresh) const {
    std::string text = shipped("qemu-malta", old, fresh);
    return text.replace(text.find("\"qemu-malta\""), 12, "\"other\"");
  }
};

TEST_F(Folder, ASharedMagicIsNoted) {
  write("boards/other.toml", other("\"malta\"", "\"another\""));
  auto reviews = review_all_boards(env);
  ASSERT_TRUE(reviews);
  ASSERT_EQ(reviews->size(), 2u);
  for (const BoardReview& review : *reviews) EXPECT_TRUE(review.findings.has("BRD015"));
  write("boards/other.toml", other("0x20100322", "0x20100323"));
  reviews = review_all_boards(env);
  ASSERT_TRUE(reviews);
  EXPECT_FALSE(reviews->front().findings.has("BRD015"));
}

TEST_F(Folder, TheUsualMagicIsEverybodys) {
  write("boards/other.toml", other("0x20100322", "0x30524448"));
  std::string malta = shipped("qemu-malta", "0x20100322", "0x30524448");
  write("boards/qemu-malta.toml", malta);
  auto reviews = review_all_boards(env);
  ASSERT_TRUE(reviews);
  for (const BoardReview& review : *reviews) EXPECT_FALSE(review.findings.has("BRD015"));
}

TEST_F(Folder, NamesOfOthersAreTaken) {
  std::string mine = write("mine/other.toml", other("0x20100322", "0x20100323"));
  auto review = review_board(mine, env);
  ASSERT_TRUE(review && review->board);
  const Finding* finding = first(review->findings, "BRD009");
  ASSERT_NE(finding, nullptr);
  EXPECT_EQ(finding->message, "'malta' is a name of the board 'qemu-malta' already");
  EXPECT_GT(finding->where.line, 1u);
  EXPECT_GT(finding->where.column, 1u);
}

TEST_F(Folder, ACopyForARouterAtHandKeepsItsNames) {
  std::string mine = write("mine/my.toml", shipped("qemu-malta"));
  auto review = review_board(mine, env);
  ASSERT_TRUE(review);
  EXPECT_TRUE(review->findings.passed(true)) << review->findings.list().front().message;
}

TEST_F(Folder, AFileOfTheFolderBearsTheNameOfItsBoard) {
  std::string file = write("boards/wrong.toml", other("\"malta\"", "\"another\""));
  auto review = review_board(file, env);
  ASSERT_TRUE(review);
  const Finding* finding = first(review->findings, "BRD016");
  ASSERT_NE(finding, nullptr);
  EXPECT_EQ(finding->message, "the board is called 'other', its file 'wrong.toml'");
  auto reviews = review_all_boards(env);
  ASSERT_TRUE(reviews);
  EXPECT_TRUE(reviews->back().findings.has("BRD016"));
}

TEST_F(Folder, ABrokenFileHidesNoOther) {
  write("boards/broken.toml", "[board]\n");
  auto reviews = review_all_boards(env);
  ASSERT_TRUE(reviews);
  EXPECT_FALSE((*reviews)[0].board);
  EXPECT_TRUE((*reviews)[1].board);
}

}  // namespace
}  // namespace trxkit::board
