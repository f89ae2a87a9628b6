// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// For a known board no bit of an image can change without a finding: the CRC covers all but the
// first twelve bytes, and those are judged by their values.
#include <fcntl.h>
#include <unistd.h>

#include "lib/firmware/verify.h"

#include "tests/unit/scratch.h"
#include "tests/unit/trx_fixture.h"

namespace trxkit::firmware {
namespace {

class EveryBit : public test::Scratch {
 public:
  /// The changes of `image` that pass, as "BYTE.BIT"; bytes for which `left_out` is true are not
  /// changed.
  template <typename LeftOut>
  std::vector<std::string> unreported(const std::string& image, const board::Board& board,
                                      LeftOut left_out) {
    std::string path = write("image.trx", image);
    FileDescriptor file(::open(path.c_str(), O_RDWR | O_CLOEXEC));
    InputFile input = *InputFile::open(path, env);
    VerifyRequest request{.file = &input, .board = &board};
    EXPECT_TRUE(verify(request, env)->findings.passed(true));
    std::vector<std::string> passed;
    for (std::size_t place = 0; place < image.size(); ++place) {
      if (left_out(place)) continue;
      for (int bit = 0; bit < 8; ++bit) {
        char changed = static_cast<char>(image[place] ^ (1 << bit));
        EXPECT_EQ(pwrite(file.get(), &changed, 1, static_cast<off_t>(place)), 1);
        auto verdict = verify(request, env);
        bool reported = !verdict || !verdict->findings.passed();
        if (!reported) passed.push_back(fmt::format("{:#x}.{}", place, bit));
      }
      EXPECT_EQ(pwrite(file.get(), &image[place], 1, static_cast<off_t>(place)), 1);
    }
    return passed;
  }
  std::string packed_kernel() {
    std::string raw("\x00\x04\x00\x08", 4);
    write("raw", raw + "Linux version 6.1.192 (trxkit)\n" + std::string(3000, '\0'));
    shell("gzip -9n < raw > raw.gz");
    return read("raw.gz");
  }
};

TEST_F(EveryBit, OfVersion1IsReported) {
  auto belkin = *board::load_board("belkin-f7d7301", env);
  auto image = test::trx_image(0x20100322, 1, {{0x1c, packed_kernel()}, {0x200, "settings"}}, 4096);
  EXPECT_EQ(unreported(image.bytes, belkin, [](std::size_t) { return false; }),
            std::vector<std::string>{});
}

TEST_F(EveryBit, OfVersion2IsReportedButForTheMaskedOnes) {
  auto board = *board::load_board("belkin-f7d7301", env);
  board.trx.version = 2;
  constexpr std::size_t kFourth = 0x300;
  std::string fourth = std::string("61XN\0\0\0\0\x15\x01\x01\x04\x1e\x01U2ND\0\x01\0\0", 22) +
                       std::string(8, '\xff') + std::string(2, '\0');
  auto image = test::trx_image(
      0x20100322, 2, {{0x20, packed_kernel()}, {0x200, "one"}, {0x280, "two"}, {kFourth, fourth}},
      4096);
  // The CRC sees the masked bytes as 0xFF, which they are here.
  auto masked = [](std::size_t place) { return place >= kFourth + 22 && place < kFourth + 30; };
  EXPECT_EQ(unreported(image.bytes, board, masked), std::vector<std::string>{});
}

}  // namespace
}  // namespace trxkit::firmware
