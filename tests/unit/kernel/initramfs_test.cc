// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/kernel/initramfs.h"

#include <gmock/gmock.h>

#include "tests/unit/kernel_fixture.h"
#include "tests/unit/scratch.h"

namespace trxkit::kernel {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> names(const std::vector<CpioEntry>& entries) {
  std::vector<std::string> result;
  for (const CpioEntry& entry : entries) result.push_back(entry.name);
  return result;
}

class InitramfsTest : public test::Scratch {
 public:
  InitramfsTest() {
    shell(
        "mkdir -p tree/dev && echo hello > tree/init && cd tree && "
        "printf 'dev\\ninit\\n' | cpio -o -H newc --quiet > ../none && cd .. && "
        "gzip -9n < none > gzip && xz --check=crc32 --lzma2=dict=1MiB < none > xz && "
        "xz --format=lzma < none > lzma && xz --check=crc64 < none > crc64 && "
        "xz -9 --check=crc32 < none > large && bzip2 < none > bzip2");
  }

  /// A kernel with `archive` linked in as linux usr/initramfs_data.S does it.
  std::optional<Initramfs> find(const std::string& archive, bool symbols) {
    constexpr std::uint64_t kAddress = 0x80003804;
    auto kernel = test::sound_kernel();
    std::string& text = kernel.segments[1].contents;
    text.replace(kAddress - 0x80001000, archive.size(), archive);
    std::uint64_t size_address = align_up(kAddress + archive.size(), 8);
    std::string size = {static_cast<char>(archive.size()), static_cast<char>(archive.size() >> 8),
                        0, 0};
    text.replace(size_address - 0x80001000, 4, size);
    if (symbols) {
      kernel.symbols.push_back({"__initramfs_start", kAddress, 0});
      kernel.symbols.push_back({"__initramfs_size", size_address, 0});
    } else {
      kernel.symbols.clear();
    }
    InputFile file = InputFile::open(write("vmlinux", kernel.bytes()), env).value();
    auto found = find_initramfs(file, read_kernel(file).value());
    EXPECT_TRUE(found);
    if (found->has_value()) {
      EXPECT_TRUE((*found)->built_in);
      EXPECT_EQ((*found)->address, kAddress);
      EXPECT_EQ((*found)->size, archive.size());
    }
    return *found;
  }
};

TEST_F(InitramfsTest, BuiltInWithAndWithoutSymbols) {
  for (bool symbols : {true, false}) {
    for (std::string packing : {"none", "gzip", "xz", "lzma"}) {
      auto found = find(read(packing), symbols);
      ASSERT_TRUE(found) << packing << symbols;
      EXPECT_EQ(name_of(found->packing), packing);
      EXPECT_EQ(found->fault, "");
      EXPECT_EQ(found->unpacked_size, read("none").size());
      EXPECT_THAT(names(found->entries), ElementsAre("dev", "init"));
      EXPECT_TRUE(found->holds("init"));
    }
  }
}

TEST_F(InitramfsTest, WhatKernelsCannotUnpackIsSaid) {
  EXPECT_THAT(find(read("crc64"), true)->fault, HasSubstr("CRC-64"));
  EXPECT_THAT(find(read("large"), true)->fault, HasSubstr("dictionary"));
  EXPECT_THAT(find(read("bzip2"), true)->fault, HasSubstr("bzip2"));
  EXPECT_THAT(find("neither", true)->fault, HasSubstr("neither"));
}

TEST_F(InitramfsTest, EveryTruncationIsAFault) {
  std::string whole = read("gzip");
  for (std::size_t size = 8; size < whole.size(); ++size) {
    EXPECT_NE(find(whole.substr(0, size), true)->fault, "") << size;
  }
}

TEST_F(InitramfsTest, StrippedWithoutTheSizeWordIsNone) {
  auto kernel = test::sound_kernel();
  kernel.symbols.clear();
  std::string archive = read("gzip");
  kernel.segments[1].contents.replace(0x2800, archive.size(), archive);
  InputFile file = InputFile::open(write("vmlinux", kernel.bytes()), env).value();
  EXPECT_FALSE(find_initramfs(file, read_kernel(file).value())->has_value());
}

TEST_F(InitramfsTest, CpioInPiecesOfAnySize) {
  std::string whole = read("none") + read("none");
  for (std::size_t piece : {1u, 3u, 109u, 110u, 111u, 4096u}) {
    CpioListing listing;
    for (std::size_t at = 0; at < whole.size(); at += piece) {
      ASSERT_TRUE(listing.consume(as_bytes(std::string_view(whole).substr(at, piece))));
    }
    EXPECT_TRUE(listing.complete());
    EXPECT_THAT(names(listing.entries()), ElementsAre("dev", "init", "dev", "init"));
  }
}

TEST_F(InitramfsTest, DamagedCpioIsAnErrorOrShort) {
  std::string whole = read("none");
  for (std::size_t at = 0; at < 300; ++at) {
    for (char value : {'\0', 'f', 'z', '\xff'}) {
      std::string broken = whole;
      broken[at] = value;
      CpioListing listing;
      (void)listing.consume(as_bytes(std::string_view(broken)));
      EXPECT_LE(listing.entries().size(), 3u);
    }
  }
  CpioListing listing;
  EXPECT_FALSE(listing.consume(as_bytes(std::string_view("07070x"))) &&
               listing.consume(as_bytes(std::string_view(whole))));
}

}  // namespace
}  // namespace trxkit::kernel
