// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Broken and hostile board files: what is said, and exactly where.
#include "lib/board/toml.h"

#include <string>

#include <gtest/gtest.h>

#include "lib/board/board.h"

#include "tests/unit/scratch.h"

namespace trxkit::board {
namespace {

// A whole board; every test spoils one place of it.
constexpr std::string_view kSound = R"([board]
name = "box"
model = "A box"
soc = "BCM4718"
[ram]
size = 0x4000000
[flash]
type = "nor-parallel"
size = 0x800000
erase = 0x10000
[[flash.partition]]
name = "boot"
offset = 0x0
size = 0x20000
role = "bootloader"
[[flash.partition]]
name = "firmware"
offset = 0x20000
size = 0x7d0000
role = "firmware"
[[flash.partition]]
name = "nvram"
offset = 0x7f0000
size = 0x10000
role = "nvram"
[nvram]
space = 0x8000
[trx]
magic = 0x30524448
version = 1
[bootloader]
load = 0x80001000
limit = 0x80700000
compression = "gzip"
[kernel]
load = 0x80001000
machine = "bcm47xx"
command_line = "console=ttyS0,115200"
partitions = "bcm47xxpart"
[modules]
load = ["ehci-hcd", "usb-storage"]
)";

std::string with(std::string_view old, std::string_view fresh) {
  std::string text(kSound);
  std::size_t place = text.find(old);
  EXPECT_NE(place, std::string::npos) << old;
  return text.replace(place, old.size(), fresh);
}

struct Case {
  const char* name;
  const char* old;
  const char* fresh;
  const char* place;
  const char* finding;
  const char* what;
  const char* hint;
  const char* source_line;
};

void PrintTo(const Case& c, std::ostream* out) {
  *out << c.name;
}

class Broken : public ::testing::TestWithParam<Case> {};

TEST_P(Broken, IsRefusedAtItsPlace) {
  const Case& c = GetParam();
  auto board = parse_board(with(c.old, c.fresh), "b.toml");
  ASSERT_FALSE(board);
  const Error& error = board.error();
  EXPECT_EQ(error.code, Code::bad_input);
  EXPECT_EQ(error.where.text(), c.place);
  EXPECT_EQ(error.finding, c.finding);
  EXPECT_EQ(error.what, c.what);
  EXPECT_EQ(error.hint, c.hint);
  EXPECT_EQ(error.source_line, c.source_line);
}

constexpr Case kCases[] = {
    {"UnknownTable", "[ram]", "[rma]", "b.toml:5:2", "BRD002", "unknown table 'rma'",
     "did you mean 'ram'?", "[rma]"},
    {"UnknownKey", "erase =", "erasse =", "b.toml:10:1", "BRD002",
     "unknown key 'erasse' in [flash]", "did you mean 'erase'?", "erasse = 0x10000"},
    {"UnknownKeyInArray", "role = \"firmware\"", "roll = \"firmware\"", "b.toml:20:1", "BRD002",
     "unknown key 'roll' in [flash.partition[2]]", "did you mean 'role'?", "roll = \"firmware\""},
    {"UnknownKeyFarFromAll", "space =", "elephants =", "b.toml:27:1", "BRD002",
     "unknown key 'elephants' in [nvram]", "known here: space", "elephants = 0x8000"},
    {"QuotedDottedTable", "[ram]\nsize = 0x4000000\n", "\"flash.partition\" = 1\n", "b.toml:5:1",
     "BRD002", "unknown key 'flash.partition' in [board]", "known here: name, model, aliases, soc",
     "\"flash.partition\" = 1"},
    {"UnknownOrigin", "erase = 0x10000", "erase = { value = 0x10000, sorce = \"x\" }",
     "b.toml:10:28", "BRD002", "unknown key 'sorce' in 'erase'", "did you mean 'source'?",
     "erase = { value = 0x10000, sorce = \"x\" }"},
    {"UnknownConfidence", "erase = 0x10000",
     "erase = { value = 0x10000, confidence = \"sourced\" }", "b.toml:10:41", "BRD005",
     "'confidence' cannot be 'sourced'", "did you mean 'source'?",
     "erase = { value = 0x10000, confidence = \"sourced\" }"},
    {"OriginWithoutValue", "erase = 0x10000", "erase = { source = \"x\" }", "b.toml:10:9", "BRD003",
     "'erase' has no 'value'", "", "erase = { source = \"x\" }"},
    {"MissingTable", "[nvram]\nspace = 0x8000\n", "", "b.toml:1:1", "BRD003",
     "the table [nvram] is missing", "", "[board]"},
    {"MissingKey", "magic = 0x30524448\n", "", "b.toml:28:1", "BRD003",
     "the key 'magic' is missing in [trx]", "", "[trx]"},
    {"MissingKeyInArray", "offset = 0x20000\n", "", "b.toml:16:1", "BRD003",
     "the key 'offset' is missing in [flash.partition[2]]", "", "[[flash.partition]]"},
    {"TextForNumber", "size = 0x4000000", "size = \"64M\"", "b.toml:6:8", "BRD004",
     "'size' has to be an integer, not a string", "", "size = \"64M\""},
    {"FloatForNumber", "size = 0x4000000", "size = 64.0", "b.toml:6:8", "BRD004",
     "'size' has to be an integer, not a float or a time", "", "size = 64.0"},
    {"NumberForText", "\"A box\"", "7", "b.toml:3:9", "BRD004",
     "'model' has to be a string, not an integer", "", "model = 7"},
    {"NumberForTable", "[ram]\nsize = 0x4000000\n", "[cpu]\nmodel = \"x\"\n[uart]\nbase = []\n",
     "b.toml:8:8", "BRD004", "'base' has to be an integer, not an array", "", "base = []"},
    {"Negative", "size = 0x4000000", "size = -1", "b.toml:6:8", "BRD005",
     "'size' has to be 0x800000 to 0x20000000", "", "size = -1"},
    {"MagicTooLarge", "0x30524448", "0x130524448", "b.toml:29:9", "BRD005",
     "'magic' has to be 0x1 to 0xffffffff", "", "magic = 0x130524448"},
    {"NumberOutOfRange", "version = 1", "version = 3", "b.toml:30:11", "BRD005",
     "'version' has to be 1 to 2", "", "version = 3"},
    {"WrongWord", "compression = \"gzip\"", "compression = \"gzi\"", "b.toml:34:15", "BRD005",
     "'compression' cannot be 'gzi'", "did you mean 'gzip'?", "compression = \"gzi\""},
    {"NoName", "name = \"box\"", "name = \"../box\"", "b.toml:2:8", "BRD005", "'name' is no name",
     "use lower-case letters, digits, '-', '_' and '.'", "name = \"../box\""},
    {"ControlCharacters", "\"A box\"", "\"A\\u001bbox\"", "b.toml:3:9", "BRD005",
     "'model' has to be one line of text", "", "model = \"A\\u001bbox\""},
    {"NoPowerOfTwo", "erase = 0x10000", "erase = 0x11000", "b.toml:10:9", "BRD005",
     "'erase' is no power of two", "", "erase = 0x11000"},
    {"RepeatedModule", "\"usb-storage\"]", "\"ehci-hcd\"]", "b.toml:41:21", "BRD009",
     "'ehci-hcd' is in the list already", "", "load = [\"ehci-hcd\", \"ehci-hcd\"]"},
    {"NumberAmongModules", "\"usb-storage\"]", "7]", "b.toml:41:21", "BRD004",
     "'an element of the list' has to be a string, not an integer", "", "load = [\"ehci-hcd\", 7]"},
    {"Overlap", "offset = 0x20000", "offset = 0x10000", "b.toml:18:10", "BRD006",
     "partition 'firmware' (0x10000 to 0x7e0000) overlaps 'boot' (0x0 to 0x20000)", "",
     "offset = 0x10000"},
    {"BehindTheFlash", "size = 0x10000\nrole", "size = 0x20000\nrole", "b.toml:24:8", "BRD007",
     "partition 'nvram' ends at 0x810000, behind the flash of 0x800000 bytes", "",
     "size = 0x20000"},
    {"NotOnBlocks", "size = 0x7d0000", "size = 0x7cf001", "b.toml:19:8", "BRD008",
     "the size of partition 'firmware' is no multiple of the erase block of 0x10000 bytes",
     "the nearest multiples are 0x7c0000 and 0x7d0000", "size = 0x7cf001"},
    {"RepeatedPartition", "name = \"nvram\"", "name = \"boot\"", "b.toml:22:8", "BRD009",
     "[[flash.partition]] has this 'name' already (flash.partition[1])", "", "name = \"boot\""},
    {"TwoFirmwares", "role = \"nvram\"", "role = \"firmware\"", "b.toml:25:8", "BRD009",
     "a second partition has the role 'firmware'", "", "role = \"firmware\""},
    {"NoNvram", "role = \"nvram\"", "role = \"data\"", "b.toml:7:1", "BRD003",
     "no partition has the role 'nvram'", "", "[flash]"},
    {"NvramTooLarge", "space = 0x8000", "space = 0x11000", "b.toml:27:9", "BRD010",
     "'space' does not fit into the partition 'nvram' of 0x10000 bytes", "", "space = 0x11000"},
    {"LimitBelowLoad", "limit = 0x80700000", "limit = 0x80001000", "b.toml:33:9", "BRD010",
     "'limit' does not lie above 'load': nothing could be loaded", "", "limit = 0x80001000"},
    {"BadAddress", "compression = \"gzip\"", "compression = \"gzip\"\nrecovery = \"192.168.2.256\"",
     "b.toml:35:12", "BRD005", "'recovery' is no IPv4 address", "", "recovery = \"192.168.2.256\""},
    {"Nand", "\"nor-parallel\"", "\"nand\"", "b.toml:8:8", "BRD011",
     "'type' cannot be 'nand': the bad blocks of NAND flash differ from chip to chip, nothing has "
     "a "
     "fixed offset",
     "", "type = \"nand\""},
    {"Gap", "offset = 0x20000\nsize = 0x7d0000", "offset = 0x40000\nsize = 0x7b0000",
     "b.toml:18:10", "BRD012", "no partition covers 0x20000 to 0x40000 of the flash",
     "give what lies there a partition of the role 'data'", "offset = 0x40000"},
    {"GapAtTheEnd", "size = 0x800000", "size = 0x1000000", "b.toml:9:8", "BRD012",
     "no partition covers 0x800000 to 0x1000000 of the flash",
     "give what lies there a partition of the role 'data'", "size = 0x1000000"},
    {"OwnNameAsAlias", "soc =", "aliases = [\"box\"]\nsoc =", "b.toml:4:11", "BRD009",
     "the board's own name is among its aliases", "", "aliases = [\"box\"]"},
};

INSTANTIATE_TEST_SUITE_P(Toml, Broken, ::testing::ValuesIn(kCases),
                         [](const auto& instance) { return instance.param.name; });

TEST(Toml, TheSoundOneIsSound) {
  auto board = parse_board(kSound, "b.toml");
  ASSERT_TRUE(board) << board.error().where.text() << ": " << board.error().what;
  EXPECT_EQ(board->flash.largest_erase_size, 0x10000u);  // no less than source: known
  EXPECT_EQ(board->trx.container, ContainerKind::none);
  EXPECT_EQ(board->modules.size(), 2u);
}

TEST(Toml, AnUncertainEraseSizeMayBeLarger) {
  auto board = parse_board(
      with("erase = 0x10000", "erase = { value = 0x10000, confidence = \"inferred\" }"), "b.toml");
  ASSERT_TRUE(board);
  EXPECT_EQ(board->flash.largest_erase_size, 0x20000u);
}

TEST(Toml, TheEndsOfARangeBelongToIt) {
  EXPECT_TRUE(
      parse_board(with("version = 1", "version = 2\nidentity = { id = \"61XN\" }"), "b.toml"));
  EXPECT_TRUE(parse_board(with("0x30524448", "0xffffffff"), "b.toml"));
  EXPECT_TRUE(parse_board(with("0x30524448", "1"), "b.toml"));
  EXPECT_TRUE(parse_board(with("0x4000000", "0x20000000"), "b.toml"));
}

TEST(Toml, SyntaxErrorsHaveTheirPlace) {
  auto board = parse_board(with("size = 0x4000000", "size = = 4"), "b.toml");
  ASSERT_FALSE(board);
  EXPECT_EQ(board.error().finding, "BRD001");
  EXPECT_EQ(board.error().where.line, 6u);
  EXPECT_EQ(board.error().source_line, "size = = 4");
}

TEST(Toml, RepeatedKeysAndTablesAreSyntaxErrors) {
  auto key = parse_board(with("soc = \"BCM4718\"", "soc = \"a\"\nsoc = \"b\""), "b.toml");
  ASSERT_FALSE(key);
  EXPECT_EQ(key.error().finding, "BRD001");
  EXPECT_EQ(key.error().where.line, 5u);
  auto table = parse_board(std::string(kSound) + "[ram]\nsize = 1\n", "b.toml");
  ASSERT_FALSE(table);
  EXPECT_EQ(table.error().where.line, 42u);
}

TEST(Toml, CarriageReturnsStayOutOfTheSourceLine) {
  auto board = parse_board("[board]\r\nnam = \"x\"\r\n", "b.toml");
  ASSERT_FALSE(board);
  EXPECT_EQ(board.error().source_line, "nam = \"x\"");
}

TEST(Toml, HostileTextsAreRefusedQuickly) {
  std::string dots(400, '.');
  std::string key = "a";
  for (int i = 0; i < 240; ++i) key += ".a";
  std::string nested;
  for (int i = 0; i < 60; ++i) nested += "x = [\n{ " + key.substr(0, 400) + " = 1 }\n]\n";
  for (const std::string& text :
       {std::string(), std::string("\0", 1), std::string("\xff\xfe\xfd"), dots, key + " = 1\n",
        nested, std::string(20000, '['), std::string(600, 'a') + " = 1\n",
        std::string(400, '[') + "\n", "x = " + std::string(400, '[') + "\n",
        std::string(40000, '\n'), std::string("a = \"") + std::string(400, '\\') + "\n"}) {
    auto board = parse_board(text, "b.toml");
    ASSERT_FALSE(board);
    EXPECT_EQ(board.error().code, Code::bad_input);
  }
}

TEST(Toml, ATextThatIsTooLargeIsToldByHowMuch) {
  EXPECT_TRUE(parse_toml(std::string(32768, '\n'), "b.toml"));
  auto document = parse_toml(std::string(32769, '\n'), "b.toml");
  ASSERT_FALSE(document);
  EXPECT_TRUE(document.error().what.contains("32769 bytes")) << document.error().what;
  EXPECT_TRUE(document.error().what.contains("at most 32768")) << document.error().what;
}

TEST(Toml, TheDeepestAllowedTextDoesNotExhaustTheStack) {
  // Each line adds one level that the array's own limit counts, and many dots that it does not.
  std::string dotted = "{a";
  for (int i = 0; i < 240; ++i) dotted += ".a";
  std::string text = "x = ";
  for (int i = 0; i < 60; ++i) text += "[\n" + dotted + " = ";
  auto board = parse_board(text, "b.toml");
  ASSERT_FALSE(board);
  std::string closed = text + "1";
  for (int i = 0; i < 60; ++i) closed += "}\n]";
  EXPECT_FALSE(parse_board(closed, "b.toml"));
}

}  // namespace
}  // namespace trxkit::board
