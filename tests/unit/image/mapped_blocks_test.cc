// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Mapped blocks, judged by what happens without the others: images made with the tools of others
// are copied block by mapped block onto a file full of 0xFF, checked by fsck, and every file
// compared.
#include "lib/image/mapped_blocks.h"

#include <gmock/gmock.h>

#include "tests/unit/image/image_scratch.h"

namespace trxkit::image {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::uint64_t kMiB = 1 << 20;

class Mapped : public test::ImageScratch {
 public:
  std::string tool(const std::string& command, int status = 0) const {
    return shell(
        "PATH=$PATH:/usr/sbin:/sbin; export TZ=UTC LC_ALL=C MTOOLS_SKIP_CHECK=1; " + command,
        status);
  }

  Result<MappedBlocks> map(const std::string& name) const {
    return mapped_blocks(InputFile::open(path(name), env).value());
  }

  /// What is mapped of "a.img", on 0xFF, as "b.img". Returns how many bytes that are.
  std::uint64_t copy_mapped() const {
    MappedBlocks blocks = map("a.img").value();
    std::string image = read("a.img");
    std::string copy(image.size(), '\xff');
    for (const ByteRange& range : blocks.ranges) {
      EXPECT_EQ(range.offset % kMappedBlock, 0u);
      copy.replace(range.offset, range.size, image, range.offset, range.size);
    }
    write("b.img", copy);
    return bytes_of(blocks.ranges);
  }

  /// A folder "t" with files of zeros, of few bytes, of many, and some that were deleted again.
  void make_files() const {
    tool(
        "mkdir -p t/boot/deep; head -c 3000000 /dev/zero > t/boot/zeros; echo a > t/boot/deep/a\n"
        "head -c 2500000 /dev/urandom > t/boot/noise; : > t/boot/empty\n"
        "for i in $(seq 200); do echo $i > t/boot/deep/file-with-a-long-name-$i; done");
  }

  void fill_fat(const std::string& at = "a.img") const {
    tool("mcopy -i " + at + " -s t/boot ::; mcopy -i " + at + " t/boot/noise ::/gone; mdel -i " +
         at + " ::/gone");
  }

  void expect_sound_fat(const std::string& at = "b.img") const {
    tool("rm -rf back; mkdir back; mcopy -i " + at + " -s ::/boot back; diff -r t back");
  }

  void expect_sound_ext() const {
    tool(
        "e2fsck -fn b.img; rm -rf back; mkdir back; debugfs -R 'rdump /boot back' b.img\n"
        "diff -r t/boot back/boot");
  }
};

TEST_F(Mapped, EveryFat) {
  make_files();
  struct Case {
    const char* options;
    std::uint64_t size;
  };
  for (const Case& one : {Case{"-F 32 -s 1", 40 * kMiB}, Case{"-F 16 -s 4", 32 * kMiB},
                          Case{"-F 12 -s 16", 20 * kMiB}}) {
    tool(
        fmt::format("rm -f a.img; truncate -s {} a.img; mkfs.fat {} a.img", one.size, one.options));
    fill_fat();
    EXPECT_LT(copy_mapped(), 9 * kMiB) << one.options;
    tool("fsck.fat -n b.img");
    expect_sound_fat();
  }
}

// Linux takes it for FAT32 by its fields; by the number of its clusters it would be FAT16.
TEST_F(Mapped, AFat32ThatIsTooSmall) {
  tool("truncate -s 30M a.img; mkfs.fat -F 32 -s 4 -n ROOTLABEL a.img");
  copy_mapped();
  std::size_t behind_boot_sectors = 16 * 512;
  EXPECT_NE(read("b.img").find("ROOTLABEL", behind_boot_sectors), std::string::npos);
}

TEST_F(Mapped, EveryExt) {
  make_files();
  for (const char* options :
       {"-t ext2 -b 1024", "-t ext3 -b 4096", "-t ext4 -b 4096 -O ^metadata_csum,uninit_bg",
        "-t ext4 -b 1024", "-t ext4 -O bigalloc -C 16384", "-t ext4 -O 64bit,flex_bg -J size=4"}) {
    tool(std::string("rm -f a.img; truncate -s 40M a.img; mke2fs -q -F -d t ") + options +
         " a.img; debugfs -w -R 'write t/boot/noise gone' a.img; debugfs -w -R 'rm gone' a.img");
    EXPECT_LT(copy_mapped(), 20 * kMiB) << options;
    expect_sound_ext();
  }
}

TEST_F(Mapped, ZerosThatAFileOwns) {
  tool(
      "truncate -s 8M a.img; mkfs.fat -F 16 -s 4 a.img; head -c 4M /dev/zero > zeros\n"
      "mcopy -i a.img zeros ::/zeros; cp --sparse=always a.img holes.img");
  MappedBlocks blocks = map("a.img").value();
  EXPECT_GT(bytes_of(blocks.ranges), 4 * kMiB);
  EXPECT_EQ(map("holes.img").value().ranges, blocks.ranges);
}

TEST_F(Mapped, PartitionsOfAnMbr) {
  make_files();
  tool(
      "truncate -s 120M a.img; printf '2048,81920,c\\n83968,40960,82\\n,,83\\n' | sfdisk a.img\n"
      "mkfs.fat -F 32 -s 1 --offset 2048 a.img 40960\n"
      "mkswap --offset $((83968*512)) a.img || "
      "{ truncate -s 20M swap; mkswap swap; dd if=swap of=a.img bs=512 seek=83968 conv=notrunc; }\n"
      "truncate -s 59M ext; mke2fs -q -F -t ext4 -d t ext\n"
      "dd if=ext of=a.img bs=512 seek=124928 conv=notrunc");
  fill_fat("a.img@@1048576");
  EXPECT_LT(copy_mapped(), 30 * kMiB);
  expect_sound_fat("b.img@@1048576");
  EXPECT_EQ(tool("sfdisk -d a.img | sed s/a.img//"), tool("sfdisk -d b.img | sed s/b.img//"));
  tool("dd if=b.img of=ext2 bs=512 skip=124928 count=$((59*2048)); mv ext2 b.img");
  expect_sound_ext();
}

TEST_F(Mapped, PartitionsOfAGpt) {
  make_files();
  tool(
      "truncate -s 64M a.img; printf 'label: gpt\\n2048,81920\\n,\\n' | sfdisk a.img\n"
      "mkfs.fat -F 32 -s 1 --offset 2048 a.img 40960");
  fill_fat("a.img@@1048576");
  tool(
      "truncate -s 4M ext; mke2fs -q -F -t ext2 ext; dd if=ext of=a.img bs=512 seek=83968 "
      "conv=notrunc");
  EXPECT_LT(copy_mapped(), 12 * kMiB);
  EXPECT_EQ(tool("sfdisk -J a.img | sed s/a.img//"), tool("sfdisk -J b.img | sed s/b.img//"));
  tool("sfdisk -V b.img | grep 'No errors'");
  expect_sound_fat("b.img@@1048576");
}

TEST_F(Mapped, SquashfsAndSwapAlone) {
  make_files();
  tool("mksquashfs t a.img -quiet -no-progress; truncate -s 32M a.img");
  EXPECT_LT(copy_mapped(), 4 * kMiB);
  tool("unsquashfs -d back b.img; diff -r t back");
  tool("rm a.img; truncate -s 1M a.img; mkswap a.img");
  EXPECT_THAT(map("a.img")->ranges, ElementsAre(ByteRange{0, 4096}));
}

TEST_F(Mapped, WhatIsUnknownIsMappedWhole) {
  write("a.img", std::string(10000, 'x'));
  EXPECT_THAT(map("a.img")->ranges, ElementsAre(ByteRange{0, 10000}));
  EXPECT_THAT(map("a.img")->opaque, ElementsAre(ByteRange{0, 10000}));
  tool(
      "truncate -s 8M a.img; printf '2048,2048,83\\n4096,4096,82\\n' | sfdisk a.img\n"
      "truncate -s 2M swap; mkswap swap; dd if=swap of=a.img bs=512 seek=4096 conv=notrunc");
  MappedBlocks blocks = map("a.img").value();
  EXPECT_THAT(blocks.opaque, ElementsAre(ByteRange{kMiB, kMiB}));
  EXPECT_THAT(blocks.ranges, ElementsAre(ByteRange{0, 2 * kMiB + 4096}));
  write("empty", "");
  EXPECT_THAT(map("empty")->ranges, IsEmpty());
}

TEST_F(Mapped, StructuresThatLeadOutside) {
  make_files();
  tool("truncate -s 40M a.img; mkfs.fat -F 32 -s 1 a.img; truncate -s 20M a.img");
  fill_fat();
  EXPECT_TRUE(map("a.img"));  // nothing behind its end is used
  tool("printf '\\x01' | dd of=a.img bs=1 seek=$((32*512+70000*4)) conv=notrunc");
  EXPECT_EQ(map("a.img").error().code, Code::bad_input);
  tool(
      "rm a.img; truncate -s 64M a.img; printf '2048,,c\\n' | sfdisk a.img; truncate -s 30M a.img");
  EXPECT_EQ(map("a.img").error().code, Code::bad_input);
  tool(
      "rm a.img; truncate -s 64M a.img; printf 'label: gpt\\n,\\n' | sfdisk a.img; "
      "truncate -s 30M a.img");
  EXPECT_EQ(map("a.img").error().code, Code::bad_input);
}

// Cut and spoiled images end in an answer or a clear error.
TEST_F(Mapped, HostileImages) {
  tool("truncate -s 1M t.img; mke2fs -q -F -t ext2 t.img; truncate -s 1M f.img; mkfs.fat f.img");
  for (const char* name : {"t.img", "f.img"}) {
    std::string sound = read(name);
    for (std::size_t size = 0; size < 8192; size += 333) {
      write("cut", sound.substr(0, size));
      auto blocks = map("cut");
      EXPECT_TRUE(!blocks || bytes_of(blocks->ranges) <= size) << name << " " << size;
    }
    for (std::size_t place = 0; place < 2048; place += 17) {
      std::string spoiled = sound;
      spoiled[place] = static_cast<char>(spoiled[place] ^ 0xff);
      write("spoiled", spoiled);
      auto blocks = map("spoiled");
      EXPECT_TRUE(!blocks || bytes_of(blocks->ranges) <= sound.size()) << name << " " << place;
    }
  }
}

}  // namespace
}  // namespace trxkit::image
