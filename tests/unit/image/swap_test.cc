// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Swap areas, compared with those that mkswap makes.
#include "lib/image/swap.h"

#include "tests/unit/image/image_scratch.h"

namespace trxkit::image {
namespace {

constexpr std::uint64_t kMiB = 1 << 20;

class Swap : public test::ImageScratch {
 public:
  Swap() {
    options.label = "USBSWAP";
    options.uuid = "01234567-89ab-8def-8123-456789abcdef";
    options.size = 8 * kMiB;
  }
  Status build() {
    OutputFile output = TRY(OutputFile::create(path("image")));
    TRY(write_swap(output, options));
    return output.commit();
  }
  SwapOptions options;
};

TEST_F(Swap, IsWhatMkswapWrites) {
  ASSERT_TRUE(build());
  shell(
      "PATH=$PATH:/usr/sbin:/sbin; truncate -s 8M theirs; chmod 600 theirs; "
      "mkswap -q -L USBSWAP -U 01234567-89ab-8def-8123-456789abcdef theirs; "
      "cmp image theirs");
}

TEST_F(Swap, LiesAtItsOffset) {
  options.offset = 3 * kMiB;
  ASSERT_TRUE(build());
  EXPECT_EQ(std::filesystem::file_size(path("image")), 11 * kMiB);
  std::string found = shell(
      "PATH=$PATH:/usr/sbin:/sbin; blkid -p -O 3145728 "
      "-s TYPE -s LABEL -o value image");
  EXPECT_EQ(found, "USBSWAP\nswap\n");
}

TEST_F(Swap, RefusesWhatItCannotHave) {
  options.size = 8 * kMiB + 512;
  EXPECT_EQ(build().error().code, Code::usage);
  options.size = 9 * 4096;
  EXPECT_EQ(build().error().code, Code::usage);
  options.size = 10 * 4096;
  EXPECT_TRUE(build());
  std::filesystem::remove(path("image"));
  options.label = "a label of 17 byt";
  EXPECT_EQ(build().error().code, Code::usage);
  options.label = "x";
  options.uuid = "01234567-89ab-8def-8123-456789abcdeg";
  EXPECT_EQ(build().error().code, Code::usage);
  options.uuid = "0123";
  EXPECT_EQ(build().error().code, Code::usage);
  expect_nothing_left();
}

}  // namespace
}  // namespace trxkit::image
