// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What [trx.identity] may hold for each container: every rule broken once, and kept.
#include "lib/board/container.h"

#include <gtest/gtest.h>

#include "lib/system/file.h"

#include "tests/unit/scratch.h"

namespace trxkit::board {
namespace {

/// A shipped board with another container and these lines of [trx.identity].
Result<Board> board_with(const std::string& container, const std::string& identity, Env& env,
                         int version = 1) {
  std::string path = test::source_directory() + "/boards/qemu-malta.toml";
  std::string text = *read_text_file(path, env);
  const std::string old = "version = 1\ncontainer = \"none\"\n";
  std::size_t place = text.find(old);
  EXPECT_NE(place, std::string::npos);
  std::string fresh = fmt::format("version = {}\ncontainer = \"{}\"\n", version, container);
  if (!identity.empty()) fresh += "[trx.identity]\n" + identity;
  return parse_board(text.replace(place, old.size(), fresh), "b.toml");
}

class Container : public test::Scratch {
 protected:
  std::string fault(const std::string& container, const std::string& identity, int version = 1) {
    auto board = board_with(container, identity, env, version);
    return board ? "" : board.error().finding;
  }
};

TEST_F(Container, IsReadWithItsIdentity) {
  auto board = board_with("cybertan",
                          "id = \"61XN\"\nversion = \"1.0.3\"\nhardware = 2\nserial = 42\n"
                          "flags = 0x3f\n",
                          env);
  ASSERT_TRUE(board) << board.error().what;
  const ContainerIdentity& identity = board->trx.identity;
  EXPECT_EQ(board->trx.container, ContainerKind::cybertan);
  EXPECT_EQ(identity.id, "61XN");
  EXPECT_EQ(identity.version, (std::vector<std::uint8_t>{1, 0, 3}));
  EXPECT_EQ(identity.hardware, 2);
  EXPECT_EQ(identity.serial, 42);
  EXPECT_EQ(identity.flags, 0x3f);
}

TEST_F(Container, TakesTheIdentifiersOfItsKind) {
  EXPECT_EQ(fault("none", ""), "");
  EXPECT_EQ(fault("asus", "id = \"RT-N16\"\nversion = \"1.2.3.4\"\n"), "");
  EXPECT_EQ(fault("cybertan", "id = \"4200\"\n"), "");
  EXPECT_EQ(fault("chk", "id = \"U12H136T99_NETGEAR\"\nversion = \"1.2.3.4.5.6.7\"\nregion = 2\n"),
            "");
  EXPECT_EQ(fault("usr", ""), "");
  EXPECT_EQ(fault("edimax", ""), "");
  EXPECT_EQ(fault("motorola", "id = \"WR850G\"\n"), "");
  EXPECT_EQ(fault("none", "id = \"61XN\"\n", 2), "");
  EXPECT_EQ(fault("cybertan", "id = \"61XN\"\n", 2), "");
}

TEST_F(Container, NeedsAnIdWhereItHasOne) {
  for (const char* container : {"asus", "cybertan", "chk", "motorola"}) {
    EXPECT_EQ(fault(container, ""), "BRD003") << container;
  }
  EXPECT_EQ(fault("none", "", 2), "BRD003");
}

TEST_F(Container, RefusesIdsOfAnotherForm) {
  EXPECT_EQ(fault("asus", "id = \"RT-N16-and-more\"\n"), "BRD005");
  EXPECT_EQ(fault("cybertan", "id = \"61X\"\n"), "BRD005");
  EXPECT_EQ(fault("chk", fmt::format("id = \"{}\"\n", std::string(65, 'x'))), "BRD005");
  EXPECT_EQ(fault("motorola", "id = \"WR850X\"\n"), "BRD005");
  EXPECT_EQ(fault("usr", "id = \"x\"\n"), "BRD018");
}

TEST_F(Container, RefusesVersionsOfAnotherForm) {
  for (const char* version : {"1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2..4", "a.b.c.d"}) {
    EXPECT_EQ(fault("asus", fmt::format("id = \"x\"\nversion = \"{}\"\n", version)), "BRD005")
        << version;
  }
  EXPECT_EQ(fault("edimax", "version = \"1\"\n"), "BRD018");
}

TEST_F(Container, RefusesKeysOfOtherKinds) {
  EXPECT_EQ(fault("asus", "id = \"x\"\nregion = 1\n"), "BRD018");
  EXPECT_EQ(fault("chk", "id = \"x\"\nflags = 1\n"), "BRD018");
  EXPECT_EQ(fault("cybertan", "id = \"61XN\"\nserial = 256\n"), "BRD005");
  EXPECT_EQ(fault("chk", "id = \"x\"\n", 2), "BRD018");
}

}  // namespace
}  // namespace trxkit::board
