// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The rules of nvram: each has an input that trips it, and sound nvram trips none.
#include "lib/nvram/judge.h"

#include <functional>

#include "tests/unit/nvram_fixture.h"
#include "tests/unit/scratch.h"

namespace trxkit::nvram {
namespace {

using test::NvramFixture;

class Judging : public test::Scratch {
 public:
  std::vector<std::string> codes(const std::string& bytes,
                                 std::optional<std::uint64_t> space = std::nullopt) {
    auto file = InputFile::open(write("nvram", bytes), env).value();
    auto nvram = find_nvram(file).value();
    if (!nvram) nvram = find_defaults(file).value();
    findings = judge(nvram.value(), space);
    std::vector<std::string> result;
    for (const Finding& finding : findings.list()) result.push_back(finding.code);
    return result;
  }
  std::string place() const { return findings.list().front().where.text().substr(path("").size()); }
  Findings findings;
};

using Codes = std::vector<std::string>;

TEST_F(Judging, SoundNvramHasNoFinding) {
  EXPECT_EQ(codes(NvramFixture("a=1|b=2|").in_chip(0x100000, 0x8000), 0x8000), Codes{});
  EXPECT_EQ(codes(NvramFixture("").in_chip(0x8000, 0x8000)), Codes{});
  EXPECT_EQ(codes(NvramFixture("a=1|").bytes), Codes{});
}

TEST_F(Judging, Length) {
  NvramFixture fixture("a=1|");
  fixture.put_length(16);
  fixture.seal(20);
  EXPECT_EQ(codes(fixture.in_chip(0x10000, 0x8000)), (Codes{"NVR002", "NVR010"}));
  EXPECT_EQ(place(), "nvram@0x8004");
  fixture.put_length(0x8004);
  std::string chip = fixture.in_chip(0x10000, 0x8000);
  chip[0x8008] = static_cast<char>(test::bitwise_crc8(chip, 0x8009, 0x10000));
  EXPECT_EQ(codes(chip), (Codes{"NVR003", "NVR009"}));
  EXPECT_NE(findings.list()[0].message.find("4 bytes more"), std::string::npos);
  fixture.put_length(27);
  fixture.seal(27);
  EXPECT_EQ(codes(fixture.bytes), (Codes{"NVR012", "NVR010"}));
}

TEST_F(Judging, EveryBitUnderTheCrc) {
  NvramFixture fixture("lan_ipaddr=192.168.2.1|boot_wait=on|");
  for (std::size_t i = 8; i < fixture.bytes.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string bytes = fixture.bytes;
      bytes[i] = static_cast<char>(bytes[i] ^ (1 << bit));
      codes(bytes);
      EXPECT_TRUE(findings.has("NVR004")) << i << ":" << bit;
    }
  }
}

TEST_F(Judging, Version) {
  NvramFixture fixture("a=1|");
  fixture.bytes[9] = 2;
  fixture.seal();
  EXPECT_EQ(codes(fixture.bytes), Codes{"NVR005"});
  EXPECT_EQ(place(), "nvram@0x9");
}

TEST_F(Judging, Settings) {
  EXPECT_EQ(codes(NvramFixture("a=1|word|").bytes), Codes{"NVR007"});
  EXPECT_EQ(place(), "nvram@0x18");
  EXPECT_EQ(codes(NvramFixture("a=1|=x|").bytes), Codes{"NVR007"});
  EXPECT_EQ(codes(NvramFixture("a=1|b=1|a=2|").bytes), Codes{"NVR008"});
  EXPECT_EQ(place(), "nvram@0x1c");
  EXPECT_NE(findings.list()[0].message.find("0x14"), std::string::npos);
}

TEST_F(Judging, TheEndOfTheSettings) {
  NvramFixture fixture("a=1|b=2|");
  fixture.put_length(28);
  fixture.seal(28);
  EXPECT_EQ(codes(fixture.bytes.substr(0, 28)), Codes{"NVR006"});
  NvramFixture slack("a=1|");
  slack.bytes[26] = 'x';
  slack.seal();
  EXPECT_EQ(codes(slack.bytes), Codes{"NVR009"});
  EXPECT_EQ(place(), "nvram@0x1a");
  NvramFixture none("");
  none.put_length(20);
  none.seal(20);
  EXPECT_EQ(codes(none.bytes.substr(0, 20)), Codes{"NVR006"});
}

TEST_F(Judging, TheRestOfTheRoom) {
  std::string chip = NvramFixture("a=1|").in_chip(0x10000, 0x8000);
  chip[0xffff] = '\0';
  EXPECT_EQ(codes(chip), Codes{"NVR010"});
  EXPECT_EQ(place(), "nvram@0xffff");
  // What follows the defaults is the boot loader's code.
  std::string cfe(0x8000, '\x11');
  cfe.replace(0x400, 28, NvramFixture("a=1|").bytes);
  EXPECT_EQ(codes(cfe, 0x8000), Codes{});
}

TEST_F(Judging, TheBoardsSpace) {
  EXPECT_EQ(codes(NvramFixture("a=1|").in_chip(0x100000, 0x10000), 0x8000), Codes{"NVR011"});
  EXPECT_EQ(codes(NvramFixture("a=1|").bytes, 0x8000), Codes{});
}

}  // namespace
}  // namespace trxkit::nvram
