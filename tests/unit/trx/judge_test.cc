// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// One sound image, one change each, the code that must be reported.
#include "lib/trx/judge.h"

#include <functional>

#include "tests/unit/scratch.h"
#include "tests/unit/trx_fixture.h"

namespace trxkit::trx {
namespace {

using test::TrxFixture;

constexpr std::uint32_t kBelkin = 0x20100322;

TrxFixture sound_image() {
  return test::trx_image(kBelkin, 1, {{28, std::string(200, 'k')}, {4096, std::string(200, 'r')}},
                         8192);
}

struct Damage {
  const char* name;
  const char* code;
  std::function<void(TrxFixture&)> apply;
  std::uint64_t offset;  ///< where the finding points to
};

class Judge : public test::Scratch {
 public:
  Findings judge(const TrxFixture& image, const board::Board* board) const {
    write("image.trx", image.bytes);
    auto file = InputFile::open(path("image.trx"), env);
    auto parsed = read_image(*file, 0, kBelkin);
    EXPECT_TRUE(parsed) << parsed.error().what;
    if (!parsed) return {};
    return judge_image(*parsed, *compute_crc(*file, *parsed), *read_trailer(*file, *parsed), board);
  }
  board::Board belkin() const {
    auto board = board::load_board("belkin-f7d7301", env);
    EXPECT_TRUE(board);
    return *board;
  }
};

TEST_F(Judge, SoundImageHasNoFinding) {
  board::Board board = belkin();
  EXPECT_TRUE(judge(sound_image(), &board).list().empty());
  EXPECT_TRUE(judge(sound_image(), nullptr).list().empty());
}

// Each image is sealed after the change: only the rule itself can report it.
TEST_F(Judge, EveryRuleOfTheHeader) {
  const std::vector<Damage> damages{
      {"HDR0", "TRX001", [](TrxFixture& i) { i.put32(0, kHdr0); }, 0},
      {"sibling's magic", "TRX001", [](TrxFixture& i) { i.put32(0, 0x20090928); }, 0},
      {"length 0", "TRX003", [](TrxFixture& i) { i.put32(4, 0); }, 4},
      {"length 27", "TRX003", [](TrxFixture& i) { i.put32(4, 27); }, 4},
      {"length past the file", "TRX004", [](TrxFixture& i) { i.put32(4, 12288); }, 4},
      {"huge length", "TRX004", [](TrxFixture& i) { i.put32(4, 0xffffffff); }, 4},
      {"odd length", "TRX018", [](TrxFixture& i) { i.put32(4, 8188); }, 4},
      {"flag: no header", "TRX006", [](TrxFixture& i) { i.put16(12, 1); }, 12},
      {"unknown flags", "TRX006", [](TrxFixture& i) { i.put16(12, 0xff00); }, 12},
      {"flag: gzip", "TRX007", [](TrxFixture& i) { i.put16(12, 2); }, 12},
      {"version 0", "TRX008", [](TrxFixture& i) { i.put16(14, 0); }, 14},
      {"version 7", "TRX008", [](TrxFixture& i) { i.put16(14, 7); }, 14},
      {"version 2", "TRX009", [](TrxFixture& i) { i.put16(14, 2); }, 14},
      {"part 1 in the header", "TRX010", [](TrxFixture& i) { i.put32(16, 4); }, 16},
      {"gap", "TRX011", [](TrxFixture& i) { i.put32(16, 0x100); }, 16},
      {"past the end", "TRX012", [](TrxFixture& i) { i.put32(20, 8192); }, 20},
      {"far past the end", "TRX012", [](TrxFixture& i) { i.put32(20, 0xfffffff0); }, 20},
      {"descending", "TRX013", [](TrxFixture& i) { i.put32(24, 2048); }, 24},
      {"twice", "TRX014", [](TrxFixture& i) { i.put32(24, 4096); }, 24},
      {"unaligned", "TRX015", [](TrxFixture& i) { i.put32(20, 0x1001); }, 20},
      {"part 1 unaligned", "TRX015", [](TrxFixture& i) { i.put32(16, 29); }, 16},
      {"no parts", "TRX016", [](TrxFixture& i) { i.put32(16, 0), i.put32(20, 0); }, 16},
      {"hole", "TRX016", [](TrxFixture& i) { i.put32(20, 0), i.put32(24, 4096); }, 20},
      {"bytes behind", "TRX017", [](TrxFixture& i) { i.bytes += "hello"; }, 8192},
      {"bytes behind padding", "TRX017",
       [](TrxFixture& i) { i.bytes += std::string(100, '\xff') + "x"; }, 8292},
      {"marker off the grid", "TRX017", [](TrxFixture& i) { i.bytes += "\1\xde\xad\xc0\xde"; },
       8192},
  };
  board::Board board = belkin();
  for (const Damage& damage : damages) {
    SCOPED_TRACE(damage.name);
    TrxFixture image = sound_image();
    damage.apply(image);
    Findings findings = judge(image.seal(), &board);
    EXPECT_TRUE(findings.has(damage.code));
    EXPECT_FALSE(findings.has("TRX005"));
    bool placed = false;
    for (const Finding& finding : findings.list()) {
      placed = placed || (finding.code == damage.code && finding.where.offset == damage.offset);
      EXPECT_EQ(finding.where.file, path("image.trx"));
    }
    EXPECT_TRUE(placed);
  }
}

TEST_F(Judge, MarkersAndPaddingBehindTheImageAreSound) {
  board::Board board = belkin();
  TrxFixture image = sound_image();
  image.bytes += std::string(4096, '\xff') + "\xde\xad\xc0\xde" + std::string(77, '\0');
  EXPECT_TRUE(judge(image, &board).list().empty());
}

TEST_F(Judge, OrdinaryCrcIsNamed) {
  TrxFixture image = sound_image();
  image.put32(8, ~image.get32(8));
  Findings findings = judge(image, nullptr);
  ASSERT_TRUE(findings.has("TRX005"));
  EXPECT_NE(findings.list()[0].hint.find("complement"), std::string::npos);
}

TEST_F(Judge, UnknownMagicWithoutBoard) {
  TrxFixture image = sound_image();
  image.put32(0, 0x11223344);
  EXPECT_TRUE(judge(image.seal(), nullptr).has("TRX021"));
}

// Version 2: the CRC is computed with eight bytes of part 4 as 0xFF (firmware-utils src/trx.c).
TEST_F(Judge, Version2MasksTheTryFields) {
  TrxFixture image = test::trx_image(
      kHdr0, 2,
      {{32, std::string(100, 'a')}, {1024, "b"}, {2048, "c"}, {3072, std::string(32, 'C')}}, 4096);
  std::string original = image.bytes;
  image.bytes.replace(3072 + 22, 8, 8, '\xff');
  image.seal();
  image.bytes.replace(3072 + 22, 8, original, 3072 + 22, 8);
  EXPECT_TRUE(judge(image, nullptr).list().empty());
  image.bytes[3072 + 22] ^= 1;
  image.bytes[3072 + 29] ^= 1;
  EXPECT_TRUE(judge(image, nullptr).list().empty());
  for (std::size_t seen : {3072u + 21u, 3072u + 30u}) {
    TrxFixture changed = image;
    changed.bytes[seen] ^= 1;
    EXPECT_TRUE(judge(changed, nullptr).has("TRX005")) << seen;
  }
}

TEST_F(Judge, Version2NeedsItsFourthPart) {
  TrxFixture image = test::trx_image(kHdr0, 2, {{32, "a"}, {1024, "b"}}, 4096);
  EXPECT_TRUE(judge(image, nullptr).has("TRX019"));
  image = test::trx_image(kHdr0, 2, {{32, "a"}, {1024, "b"}, {2048, "c"}, {4080, "d"}}, 4096);
  EXPECT_TRUE(judge(image, nullptr).has("TRX020"));
}

TEST_F(Judge, WhatIsNoImageIsRefused) {
  for (const std::string& bytes :
       {std::string(), std::string("HDR"), std::string(100, '\0'), std::string(100, '\xff'),
        std::string("hsqs") + std::string(100, 's')}) {
    write("other", bytes);
    auto file = InputFile::open(path("other"), env);
    auto image = read_image(*file, 0, std::nullopt);
    ASSERT_FALSE(image);
    EXPECT_EQ(image.error().code, Code::bad_input);
    EXPECT_TRUE(image.error().finding.empty());
  }
}

TEST_F(Judge, CutHeaderIsAFinding) {
  for (std::size_t size = 4; size < 28; ++size) {
    write("cut", sound_image().bytes.substr(0, size));
    auto file = InputFile::open(path("cut"), env);
    auto image = read_image(*file, 0, std::nullopt);
    ASSERT_FALSE(image);
    EXPECT_EQ(image.error().finding, "TRX002") << size;
  }
}

}  // namespace
}  // namespace trxkit::trx
