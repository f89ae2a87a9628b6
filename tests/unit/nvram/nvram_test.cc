// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Reading nvram: where it is found, what comes out, what hostile bytes do.
#include "lib/nvram/nvram.h"

#include "lib/nvram/crc8.h"
#include "lib/nvram/secret.h"

#include "tests/unit/nvram_fixture.h"
#include "tests/unit/scratch.h"

namespace trxkit::nvram {
namespace {

using test::NvramFixture;

class Reading : public test::Scratch {
 public:
  InputFile open(const std::string& bytes) {
    return InputFile::open(write("nvram", bytes), env).value();
  }
};

TEST(Crc8, IsThatOfTheBitByBitDefinition) {
  std::string bytes;
  for (unsigned i = 0; i < 1000; ++i) bytes += static_cast<char>(i * i >> 3);
  for (std::size_t length : {0u, 1u, 2u, 255u, 256u, 1000u}) {
    Crc8 crc;
    crc.update(as_bytes(std::string_view(bytes).substr(0, length / 2)));
    crc.update(as_bytes(std::string_view(bytes).substr(length / 2, length - length / 2)));
    EXPECT_EQ(crc.value(), test::bitwise_crc8(bytes, 0, length)) << length;
  }
  // Table entries that OpenWrt package/utils/nvram/src/crc.c spells out: entry i is what a register
  // of 0 makes of i.
  Crc8 crc;
  crc.update(as_bytes(std::string_view("\xfe", 1)));  // 0xff ^ 0xfe is entry 1
  EXPECT_EQ(crc.value(), 0xf7);
}

TEST_F(Reading, FieldsAndSettings) {
  auto file =
      open(NvramFixture("a=1|empty=|lan_ipaddr=192.168.2.1|b=x=y|").in_chip(0x8000, 0x8000));
  auto nvram = find_nvram(file).value();
  ASSERT_TRUE(nvram);
  EXPECT_EQ(nvram->header.version, 1);
  EXPECT_EQ(nvram->header.sdram_init, 0x1234);
  EXPECT_EQ(nvram->header.sdram_config, 0x5678);
  EXPECT_EQ(nvram->header.sdram_refresh, 0x9abc);
  EXPECT_EQ(nvram->header.sdram_ncdl, 0x11223344u);
  EXPECT_EQ(nvram->header.crc, nvram->computed_crc);
  ASSERT_EQ(nvram->settings.size(), 4u);
  EXPECT_EQ(nvram->settings[1].name, "empty");
  EXPECT_EQ(nvram->settings[1].value, "");
  EXPECT_EQ(nvram->settings[3].value, "x=y");
  EXPECT_EQ(nvram->settings[1].offset, 24u);
  EXPECT_EQ(nvram->find("lan_ipaddr")->value, "192.168.2.1");
  EXPECT_EQ(nvram->find("lan"), nullptr);
  EXPECT_EQ(nvram->terminator, 20u + 4 + 7 + 23 + 6);
}

TEST_F(Reading, LooksAtTheEndInTheOrderOfTheKernel) {
  for (std::size_t space : {0x8000u, 0xf000u, 0x10000u}) {
    auto nvram = find_nvram(open(NvramFixture("a=1|").in_chip(0x80000, space))).value();
    ASSERT_TRUE(nvram) << space;
    EXPECT_EQ(nvram->place, Place::flash_end);
    EXPECT_EQ(nvram->position, 0x80000 - space);
    EXPECT_EQ(nvram->room, space);
  }
  std::string both = NvramFixture("old=1|").in_chip(0x80000, 0x10000);
  std::string now = NvramFixture("now=1|").bytes;
  both.replace(both.size() - 0x8000, now.size(), now);
  EXPECT_NE(find_nvram(open(both)).value()->find("now"), nullptr);
  EXPECT_FALSE(find_nvram(open(NvramFixture("a=1|").in_chip(0x80000, 0x9000))).value());
}

TEST_F(Reading, AFileMayBeNvramAlone) {
  NvramFixture fixture("a=1|");
  auto cut = find_nvram(open(fixture.bytes)).value();
  ASSERT_TRUE(cut);
  EXPECT_EQ(cut->place, Place::whole_file);
  EXPECT_EQ(cut->room, fixture.bytes.size());
  auto block =
      find_nvram(open(fixture.bytes + std::string(0x20000 - fixture.bytes.size(), '\xff')));
  EXPECT_EQ(block.value()->position, 0u);
  EXPECT_FALSE(find_nvram(open(fixture.bytes + std::string(0x20000, '\xff'))).value());
  EXPECT_FALSE(find_nvram(open("")).value());
  EXPECT_FALSE(find_nvram(open("FLS")).value());
  EXPECT_EQ(find_nvram(open("FLSH")).error().code, Code::bad_input);
  EXPECT_EQ(find_nvram(open("FLSH45678901234567x")).error().code, Code::bad_input);
}

TEST_F(Reading, DefaultsInsideTheBootLoader) {
  std::string cfe(0x20000, '\x11');
  EXPECT_FALSE(find_defaults(open(cfe)).value());
  cfe.replace(0x400, NvramFixture("late=1|").bytes.size(), NvramFixture("late=1|").bytes);
  EXPECT_EQ(find_defaults(open(cfe)).value()->position, 0x400u);
  cfe.replace(0x1000, NvramFixture("first=1|").bytes.size(), NvramFixture("first=1|").bytes);
  auto defaults = find_defaults(open(cfe)).value();
  EXPECT_EQ(defaults->place, Place::defaults);
  EXPECT_EQ(defaults->position, 0x1000u);
  EXPECT_EQ(defaults->settings.size(), 1u);
  EXPECT_FALSE(find_nvram(open(cfe)).value());
}

TEST_F(Reading, HostileLengthsStayInsideTheRoom) {
  NvramFixture fixture("a=1|b=2|");
  for (std::uint64_t length :
       {0ull, 1ull, 19ull, 20ull, 21ull, 0x8000ull, 0x8001ull, 0xffffffffull}) {
    fixture.put_length(length);
    auto nvram = find_nvram(open(fixture.in_chip(0x10000, 0x8000))).value();
    ASSERT_TRUE(nvram) << length;
    EXPECT_LE(nvram->end(), 0x8000u);
    EXPECT_EQ(nvram->header.length, length);
    EXPECT_EQ(nvram->settings.size(), length < 21 ? 0u : length < 0x8000 ? 1u : 2u) << length;
  }
}

TEST_F(Reading, NoTerminatorAndNoEqualsSign) {
  NvramFixture fixture("word|=value|a=1|");
  fixture.put_length(20 + 5 + 7 + 3);
  auto nvram = find_nvram(open(fixture.bytes)).value();
  EXPECT_FALSE(nvram->terminator);
  ASSERT_EQ(nvram->settings.size(), 3u);
  EXPECT_FALSE(nvram->settings[0].assigned);
  EXPECT_EQ(nvram->settings[0].name, "word");
  EXPECT_EQ(nvram->settings[1].name, "");
  EXPECT_EQ(nvram->settings[2].value, "1");
  EXPECT_EQ(nvram->find("word"), nullptr);
}

TEST_F(Reading, TheBootLoaderTakesTheLastOfANameTwice) {
  auto nvram = find_nvram(open(NvramFixture("a=1|b=2|a=3|").bytes)).value();
  EXPECT_EQ(nvram->find("a")->value, "3");
}

TEST(Secrets, AreToldByTheirNames) {
  for (const char* name :
       {"http_passwd", "wl0_wpa_psk", "wl_key1", "ppp_password", "wps_device_pin", "PIN",
        "radius_secret", "WPS_PIN2", "admin_pwd", "wl0.1_passphrase"}) {
    EXPECT_TRUE(looks_secret(name)) << name;
  }
  for (const char* name : {"lan_ipaddr", "boot_wait", "spin", "pinger", "et0macaddr", "", "p",
                           "vlan1ports", "pwr_max", "sdram_init"}) {
    EXPECT_FALSE(looks_secret(name)) << name;
  }
}

}  // namespace
}  // namespace trxkit::nvram
