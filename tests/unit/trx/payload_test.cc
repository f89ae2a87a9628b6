// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/trx/payload.h"

#include "lib/trx/payload_rules.h"

#include "tests/unit/scratch.h"
#include "tests/unit/trx_fixture.h"

namespace trxkit::trx {
namespace {

using test::TrxFixture;

const std::string kJump("\x08\x10\0\x08", 4);  // j 0x80004020

PayloadKind kind_of(const std::string& text) {
  return identify(as_bytes(std::string_view(text)));
}

TEST(Identify, KindsByTheirFirstBytes) {
  EXPECT_EQ(kind_of(""), PayloadKind::empty);
  EXPECT_EQ(kind_of("\x1f\x8b\x08\1...."), PayloadKind::gzip);
  EXPECT_EQ(kind_of("hsqs"), PayloadKind::squashfs);
  EXPECT_EQ(kind_of("sqsh"), PayloadKind::squashfs);
  EXPECT_EQ(kind_of("\x7f"
                    "ELF"),
            PayloadKind::elf);
  EXPECT_EQ(kind_of("\x85\x19\x03\x20"), PayloadKind::jffs2);
  EXPECT_EQ(kind_of(std::string("\x5d\0\0\1\0\5\0\0\0\0\0\0\0\0rest", 18)), PayloadKind::lzma);
  EXPECT_EQ(kind_of(std::string("\x5d\0\0\1\0\5\0\0\0\0\0\0\0\1rest", 18)), PayloadKind::unknown);
  EXPECT_EQ(kind_of(std::string(1024, '\0') + kJump), PayloadKind::mips_code);
  EXPECT_EQ(kind_of(std::string(4096, '\0')), PayloadKind::unknown);
  EXPECT_EQ(kind_of("hello, world"), PayloadKind::unknown);
}

TEST(KernelText, IsFoundWhereverPiecesEnd) {
  std::string kernel = std::string(9000, '\0') + "flash-init: \1" +
                       std::string("Linux version %s (%s)\n\0", 23) +
                       "Linux version 6.1.192 (a@b) #1\n" + std::string(9000, '\0') +
                       "VFS: Please append a correct \"root=\" boot option" + '\0' +
                       "root=" + '\0' + "console=ttyS0,115200 panic=10" + '\0' +
                       "console=ttyS0,115200 root=/dev/mtdblock2 rootfstype=squashfs" + '\0' +
                       std::string(9000, 'x');
  for (std::size_t step : {std::size_t{1}, std::size_t{4096}, kernel.size()}) {
    KernelText text;
    for (std::size_t done = 0; done < kernel.size(); done += step) {
      text.update(as_bytes(std::string_view(kernel).substr(done, step)));
    }
    text.finish();
    EXPECT_EQ(text.banner(), "Linux version 6.1.192 (a@b) #1");
    EXPECT_TRUE(text.has_flash_init());
    EXPECT_EQ(text.command_line(), "console=ttyS0,115200 root=/dev/mtdblock2 rootfstype=squashfs");
  }
}

TEST(KernelText, CommandLinesWithARootArePreferred) {
  std::string with_root = "console=ttyS0 root=/dev/sda1 ro";
  for (std::string without : {"console=ttyS0 nfsroot=/a", "root= console=ttyS1"}) {
    for (std::string both : {with_root + '\0' + without, without + '\0' + with_root}) {
      KernelText text;
      text.update(as_bytes(both));
      text.finish();
      EXPECT_EQ(text.command_line(), with_root) << without;
    }
  }
}

struct BlockDamage {
  const char* name;
  std::size_t offset;
  std::uint32_t value;
};

TEST(Squashfs, EveryFieldIsJudged) {
  std::string sound = test::squashfs_bytes(5000);
  auto judge = [](const std::string& bytes, std::uint64_t room) {
    auto block = ByteReader(as_bytes(std::string_view(bytes))).read_at<SquashfsSuperblock>(0);
    return judge_squashfs(*block, {"root", 0}, room);
  };
  EXPECT_TRUE(judge(sound, 5000).list().empty());
  EXPECT_TRUE(judge(sound, 4999).has("PAY008"));
  for (const BlockDamage& damage : std::to_array<BlockDamage>({{"big-endian", 0, 0x68737173},
                                                               {"inodes", 4, 0},
                                                               {"block size", 12, 131073},
                                                               {"small block", 12, 2048},
                                                               {"compression", 20, 17U << 16 | 9},
                                                               {"log", 20, 18U << 16 | 4},
                                                               {"log shift", 20, 64U << 16 | 4},
                                                               {"owners", 24, 0xc0},
                                                               {"version 3.1", 28, 1U << 16 | 3},
                                                               {"bytes used", 40, 95},
                                                               {"id table", 48, 5001},
                                                               {"inode table", 64, 95},
                                                               {"directory table", 76, 1}})) {
    TrxFixture block{sound};
    block.put32(damage.offset, damage.value);
    EXPECT_TRUE(judge(block.bytes, 5000).has("PAY007")) << damage.name;
  }
}

class PayloadRules : public test::Scratch {
 public:
  // Judges an image of part 1 with `first` and part 2 with `second`.
  Findings judge(const std::string& first, const std::string& second, bool with_board) const {
    std::size_t place = 28 + (first.size() + 4099) / 4096 * 4096;
    place = (place + 4095) / 4096 * 4096;
    TrxFixture fixture = test::trx_image(0x20100322, 1, {{28, first}, {place, second}},
                                         place + (second.size() + 4095) / 4096 * 4096);
    write("image.trx", fixture.bytes);
    auto file = InputFile::open(path("image.trx"), env);
    auto image = read_image(*file, 0, std::nullopt);
    std::vector<Payload> payloads;
    for (const Part& part : image->parts) {
      payloads.push_back(*read_payload(*file, *image, part, Depth::decode));
    }
    auto board = board::load_board("belkin-f7d7301", env);
    return judge_payloads(*image, payloads, with_board ? &*board : nullptr);
  }
  std::string packed(const std::string& contents, const std::string& program = "gzip -n") const {
    write("contents", contents);
    shell(program + " < contents > packed");
    return read("packed");
  }
  const std::string root = test::squashfs_bytes(5000);
  const std::string kernel = std::string(64, '\0') + kJump + "Linux version 6.1.192 x\n";
};

TEST_F(PayloadRules, SoundPartsHaveNoFinding) {
  EXPECT_TRUE(judge(packed(kernel), root, true).list().empty());
  EXPECT_TRUE(judge(packed(kernel), root, false).list().empty());
}

TEST_F(PayloadRules, PartOneHasToBeStartable) {
  EXPECT_TRUE(judge("hello, world", root, false).has("PAY001"));
  EXPECT_TRUE(judge(root, root, true).has("PAY001"));
  EXPECT_TRUE(judge(kernel, root, true).has("PAY009"));
  EXPECT_TRUE(judge(packed(kernel, "xz --format=lzma"), root, true).has("PAY009"));
  EXPECT_TRUE(judge(packed("\x7f"
                           "ELF" +
                           kernel),
                    root, false)
                  .has("PAY014"));
}

TEST_F(PayloadRules, DamagedPayloadsAreReportedByFormat) {
  std::string gzip = packed(kernel);
  gzip[gzip.size() - 6] ^= 1;  // its CRC
  EXPECT_TRUE(judge(gzip, root, true).has("PAY002"));
  std::string lzma = packed(std::string(100000, 'k') + kernel, "xz --format=lzma");
  lzma[lzma.size() / 2] ^= 0x40;
  EXPECT_TRUE(judge(lzma, root, false).has("PAY005"));
  lzma.replace(1, 4, "\xff\xff\xff\xff");
  EXPECT_TRUE(judge(lzma, root, false).has("PAY004"));
}

TEST_F(PayloadRules, UnpackedSizeHasToFitBelowTheBootLoader) {
  constexpr std::size_t kWindow = 0x80700000 - 0x80001000;
  std::string fits = kernel;
  fits.resize(kWindow);
  EXPECT_TRUE(judge(packed(fits), root, true).list().empty());
  Findings findings = judge(packed(fits + "x"), root, true);
  ASSERT_TRUE(findings.has("PAY006"));
  EXPECT_NE(findings.list()[0].message.find("over by 1 byte"), std::string::npos);
}

TEST_F(PayloadRules, BytesBehindAPayloadAreNoticed) {
  EXPECT_TRUE(judge(packed(kernel) + "garbage", root, false).has("PAY010"));
  EXPECT_TRUE(judge(packed(kernel), root + "garbage", false).has("PAY010"));
  EXPECT_FALSE(judge(packed(kernel), root + std::string(500, '\xff'), false).has("PAY010"));
}

}  // namespace
}  // namespace trxkit::trx
