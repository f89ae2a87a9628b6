// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The board files that we ship, through our own loader.
#include <algorithm>

#include <gtest/gtest.h>

#include "lib/board/board.h"

#include "tests/unit/scratch.h"

namespace trxkit::board {
namespace {

using Boards = test::Scratch;

TEST_F(Boards, EveryShippedFileLoads) {
  auto boards = load_all_boards(env);
  ASSERT_TRUE(boards) << boards.error().where.text() << ": " << boards.error().what;
  std::vector<std::string> names;
  for (const Board& board : *boards) names.push_back(board.name);
  EXPECT_EQ(names, (std::vector<std::string>{"asus-rt-n16", "belkin-f5d8235-4v3", "belkin-f7d7301",
                                             "belkin-f7d7302", "belkin-f7d8301", "belkin-f7d8302",
                                             "qemu-malta"}));
}

TEST_F(Boards, BelkinSaysWhatIsKnownAndHowWell) {
  auto board = load_board("belkin-f7d7301", env);
  ASSERT_TRUE(board) << board.error().where.text() << ": " << board.error().what;
  EXPECT_EQ(*board->trx.magic, 0x20100322u);
  EXPECT_EQ(*board->ram_size, 64u << 20);
  EXPECT_EQ(board->ram_size.confidence, Confidence::log);
  EXPECT_EQ(*board->flash.size, 8u << 20);
  EXPECT_EQ(*board->flash.erase_size, 0x10000u);
  EXPECT_EQ(board->flash.erase_size.confidence, Confidence::inferred);
  EXPECT_EQ(board->flash.largest_erase_size, 0x20000u);
  const FlashPartition* firmware = board->partition(PartitionRole::firmware);
  ASSERT_NE(firmware, nullptr);
  EXPECT_EQ(*firmware->offset, 0x20000u);
  EXPECT_EQ(firmware->offset.confidence, Confidence::log);
  EXPECT_EQ(*firmware->size, 0x7d0000u);
  EXPECT_EQ(*board->boot_loader.base, 0x80700000u);
  EXPECT_EQ(*board->boot_loader.compression, Compression::gzip);
  EXPECT_EQ(board->boot_loader.proven_upload, 3870720u);
  EXPECT_EQ(board->boot_loader.nvram_space, 0x8000u);
  EXPECT_EQ(*board->kernel.load_address, 0x80001000u);
  EXPECT_EQ(board->kernel.flash_parser, FlashParser::bcm47xxpart);
  EXPECT_EQ(board->gpios.size(), 8u);
  EXPECT_EQ(board->gpios[0].number, 6u);
  EXPECT_TRUE(board->gpios[0].button);
  EXPECT_EQ(board->interface, "eth0");
}

// The magic is what tells the routers of one board type apart; only the log of one is at hand.
TEST_F(Boards, TheFamilyDiffersInItsMagicAndInWhatIsKnown) {
  const std::vector<std::pair<std::string, std::uint32_t>> magics{{"f7d3302", 0x20090928},
                                                                  {"f7d4302", 0x20091006},
                                                                  {"f7d4301", 0x30524448},
                                                                  {"f5d8235-4v3", 0x00017116}};
  for (const auto& [name, magic] : magics) {
    SCOPED_TRACE(name);
    auto board = load_board(name, env);
    ASSERT_TRUE(board) << board.error().what;
    EXPECT_EQ(*board->trx.magic, magic);
    EXPECT_FALSE(is_known(board->partition(PartitionRole::firmware)->offset.confidence));
    EXPECT_EQ(board->boot_loader.base.confidence, Confidence::guess);
    EXPECT_FALSE(board->boot_loader.proven_upload);
  }
  EXPECT_EQ(*load_board("f5d8235-4v3", env)->ram_size, 32u << 20);
}

TEST_F(Boards, TheAsusNamesItsContainer) {
  auto board = load_board("rt-n16", env);
  ASSERT_TRUE(board);
  EXPECT_EQ(board->trx.container, ContainerKind::asus);
  EXPECT_EQ(board->trx.identity.id, "RT-N16");
  EXPECT_EQ(*board->flash.size, 32u << 20);
  EXPECT_EQ(*board->partition(PartitionRole::firmware)->offset, 0x40000u);
}

TEST_F(Boards, MaltaKeepsTheFlashMapOfTheBelkin) {
  auto belkin = load_board("belkin-f7d7301", env);
  auto malta = load_board("qemu-malta", env);
  ASSERT_TRUE(belkin && malta);
  EXPECT_EQ(*malta->trx.magic, *belkin->trx.magic);
  EXPECT_EQ(*malta->flash.size, *belkin->flash.size);
  EXPECT_EQ(malta->flash.largest_erase_size, belkin->flash.largest_erase_size);
  ASSERT_EQ(malta->flash.partitions.size(), belkin->flash.partitions.size());
  for (std::size_t i = 0; i < malta->flash.partitions.size(); ++i) {
    EXPECT_EQ(*malta->flash.partitions[i].offset, *belkin->flash.partitions[i].offset);
    EXPECT_EQ(*malta->flash.partitions[i].size, *belkin->flash.partitions[i].size);
  }
  EXPECT_EQ(*malta->kernel.load_address, 0x80100000u);
  EXPECT_EQ(malta->kernel.machine, "malta");
}

TEST_F(Boards, AliasesAndPathsFindABoard) {
  EXPECT_EQ(load_board("f7d3301", env)->name, "belkin-f7d7301");
  EXPECT_EQ(load_board(test::source_directory() + "/boards/qemu-malta.toml", env)->name,
            "qemu-malta");
}

TEST_F(Boards, KnownBoardIsNoPath) {
  EXPECT_EQ(load_known_board("f7d3301", env)->name, "belkin-f7d7301");
  for (const char* path : {"/boards/qemu-malta.toml", "/boards/missing.toml"}) {
    auto board = load_known_board(test::source_directory() + path, env);
    ASSERT_FALSE(board) << path;
    EXPECT_EQ(board.error().code, Code::usage) << path;
  }
}

TEST_F(Boards, UnknownNamesGetASuggestion) {
  auto board = load_board("belkin-f7d7310", env);
  ASSERT_FALSE(board);
  EXPECT_EQ(board.error().code, Code::usage);
  EXPECT_EQ(board.error().what, "there is no board 'belkin-f7d7310'");
  EXPECT_EQ(board.error().hint, "did you mean 'belkin-f7d7301'?");
  EXPECT_TRUE(load_board("toaster", env).error().hint.starts_with("known boards: asus-rt-n16, "));
  EXPECT_EQ(load_board("", env).error().code, Code::usage);
}

TEST_F(Boards, MissingFilesAndFoldersAreInputErrors) {
  EXPECT_EQ(load_board("./absent.toml", env).error().code, Code::io);
  env.data_directory = folder / "nowhere";
  EXPECT_EQ(load_board("qemu-malta", env).error().code, Code::io);
}

TEST_F(Boards, FactsKeepFileOrderConfidenceAndSource) {
  auto board = load_board("belkin-f7d7301", env);
  ASSERT_TRUE(board);
  auto fact = std::ranges::find(board->facts, "flash.erase", &FactText::key);
  ASSERT_NE(fact, board->facts.end());
  EXPECT_EQ(fact->text, "0x10000 (64 KiB)");
  EXPECT_EQ(fact->confidence, Confidence::inferred);
  EXPECT_FALSE(fact->source.empty());
  EXPECT_TRUE(std::ranges::is_sorted(board->facts, {}, &FactText::line));
  EXPECT_EQ(board->facts.front().key, "board.name");
}

TEST_F(Boards, TwoBoardsOfOneNameAreRefused) {
  std::ifstream file(test::source_directory() + "/boards/qemu-malta.toml");
  std::string text{std::istreambuf_iterator<char>(file), {}};
  write("boards/qemu-malta.toml", text);
  std::string other = text;
  other.replace(other.find("\"qemu-malta\""), 12, "\"other\"");
  write("boards/other.toml", other);
  env.data_directory = folder;
  auto boards = load_all_boards(env);
  ASSERT_FALSE(boards);
  EXPECT_EQ(boards.error().what, "'malta' is a name of the board 'other' already");
  write("boards/other.toml", text);
  EXPECT_EQ(load_board("other", env).error().what,
            "the board is called 'qemu-malta', its file 'other.toml'");
}

}  // namespace
}  // namespace trxkit::board
