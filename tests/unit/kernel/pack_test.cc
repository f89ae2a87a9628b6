// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/kernel/pack.h"

#include <gtest/gtest.h>

#include "tests/unit/scratch.h"

namespace trxkit::kernel {
namespace {

class PackTest : public test::Scratch {
 public:
  std::string packed(Packing packing, const std::string& text, std::size_t piece) {
    std::string result;
    auto packer = make_packer(packing, [&](Bytes bytes) -> Status {
      result += as_text(bytes);
      return {};
    });
    for (std::size_t at = 0; at < text.size(); at += piece) {
      EXPECT_TRUE(packer->write(as_bytes(std::string_view(text).substr(at, piece))));
    }
    EXPECT_TRUE(packer->finish());
    return result;
  }
};

TEST_F(PackTest, OtherProgramsUnpackIt) {
  std::string text = shell("seq 200000");
  for (auto [packing, command] :
       std::vector<std::pair<Packing, std::string>>{{Packing::none, "cat"},
                                                    {Packing::gzip, "gzip -d"},
                                                    {Packing::xz, "xz -d"},
                                                    {Packing::lzma, "xz --format=lzma -d"}}) {
    std::string whole = packed(packing, text, text.size());
    write("packed", whole);
    shell(command + " < packed > unpacked");
    EXPECT_EQ(read("unpacked"), text) << name_of(packing);
    EXPECT_EQ(packed(packing, text, 1000), whole) << name_of(packing);
    EXPECT_EQ(packing_of(as_bytes(std::string_view(packed(packing, "070701", 1)))), packing);
  }
}

TEST_F(PackTest, AsKernelsReadIt) {
  std::string xz = packed(Packing::xz, "text", 4);
  EXPECT_EQ(refusal_of_kernels(as_bytes(std::string_view(xz)), Packing::xz), "");
  // gzip: no name, no time, no flags.
  EXPECT_EQ(packed(Packing::gzip, "text", 4).substr(3, 5), std::string(5, '\0'));
  EXPECT_EQ(make_packer(Packing::zstd, {}), nullptr);
}

}  // namespace
}  // namespace trxkit::kernel
