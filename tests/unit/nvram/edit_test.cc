// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Changing settings: the bytes are those that the fixture would make of the new settings.
#include "lib/nvram/edit.h"

#include "lib/nvram/judge.h"

#include "tests/unit/nvram_fixture.h"
#include "tests/unit/scratch.h"

namespace trxkit::nvram {
namespace {

using test::NvramFixture;

class Editing : public test::Scratch {
 public:
  Result<std::string> edited(const std::string& bytes, const std::vector<Change>& changes) {
    auto file = InputFile::open(write("nvram", bytes), env).value();
    auto nvram = find_nvram(file).value().value();
    auto result = with_changes(nvram, changes);
    if (!result) return std::unexpected(result.error());
    return std::string(as_text(*result));
  }
};

TEST_F(Editing, SettingsKeepTheirPlaceAndNewOnesGoBehind) {
  std::string before = NvramFixture("a=1|b=2|c=3|").in_chip(0x8000, 0x8000);
  EXPECT_EQ(edited(before, {{"b", "longer"}, {"d", ""}}).value(),
            NvramFixture("a=1|b=longer|c=3|d=|").in_chip(0x8000, 0x8000));
  EXPECT_EQ(edited(before, {{"a", std::nullopt}}).value(),
            NvramFixture("b=2|c=3|").in_chip(0x8000, 0x8000));
  EXPECT_EQ(edited(before, {{"a", std::nullopt}, {"b", std::nullopt}, {"c", std::nullopt}}).value(),
            NvramFixture("").in_chip(0x8000, 0x8000));
  EXPECT_EQ(edited(before, {{"b", "9"}, {"b", std::nullopt}, {"b", "2"}}).value(),
            NvramFixture("a=1|c=3|b=2|").in_chip(0x8000, 0x8000));
}

TEST_F(Editing, EqualSettingsGiveEqualBytes) {
  NvramFixture fixture("a=1|");
  fixture.bytes += std::string(8, '\0');  // more zeros than needed, as some boot loaders write
  fixture.put_length(fixture.bytes.size());
  fixture.seal();
  EXPECT_EQ(edited(fixture.bytes, {{"a", "1"}}).value(), fixture.bytes);
}

TEST_F(Editing, OneIsLeftOfANameTwice) {
  EXPECT_EQ(edited(NvramFixture("a=1|b=2|a=3|").in_chip(0x8000, 0x8000), {{"a", "4"}}).value(),
            NvramFixture("a=4|b=2|").in_chip(0x8000, 0x8000));
}

TEST_F(Editing, BytesBehindLengthStay) {
  std::string before = NvramFixture("a=1|b=2|").in_chip(0x8000, 0x8000);
  before.replace(0x7000, 3, "old");
  std::string after = NvramFixture("a=1|").in_chip(0x8000, 0x8000);
  after.replace(0x7000, 3, "old");
  EXPECT_EQ(edited(before, {{"b", std::nullopt}}).value(), after);
}

TEST_F(Editing, TheLastByteOfTheRoomIsUsedAndNoMore) {
  std::string before = NvramFixture("a=1|").in_chip(0x8000, 0x8000);
  // Header 20, "a=" 2, its zero and the end's: 24 bytes beside the value.
  std::string most(0x8000 - 24, 'x');
  EXPECT_EQ(edited(before, {{"a", most}}).value(), NvramFixture("a=" + most + "|").bytes);
  auto failed = edited(before, {{"a", most + "y"}});
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, Code::does_not_fit);
  EXPECT_EQ(failed.error().finding, "NVR014");
  EXPECT_NE(failed.error().what.find("4 more"), std::string::npos) << failed.error().what;
}

TEST_F(Editing, WhatIsNotThereCannotGo) {
  auto failed = edited(NvramFixture("boot_wait=on|").bytes, {{"boot_wiat", std::nullopt}});
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, Code::usage);
  EXPECT_EQ(failed.error().hint, "did you mean boot_wait?");
}

TEST(Assignments, AreANameAndAValue) {
  auto change = parse_assignment("a=b=c");
  EXPECT_EQ(change->name, "a");
  EXPECT_EQ(change->value, "b=c");
  EXPECT_EQ(parse_assignment("a=")->value, "");
  for (const char* text : {"", "a", "=b", "a b=c", "\xc3\xa4=1", "a\n=1"}) {
    EXPECT_EQ(parse_assignment(text).error().code, Code::usage) << text;
  }
}

}  // namespace
}  // namespace trxkit::nvram
