// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Modules read and ordered; modinfo and depmod (kmod) are the second opinion.
#include <gmock/gmock.h>

#include "tests/unit/kernel/modules_fixture.h"

namespace trxkit::kernel {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST_F(Modules, ReadAsModinfoReadsThem) {
  test::ModuleFixture fixture{.depends = "scsi_mod,usbcore", .softdep = "pre: a-b c post: d"};
  add("usb-storage", fixture);
  auto module = read_module(as_bytes(std::string_view(fixture.bytes())), "x").value();
  EXPECT_THAT(module.depends, ElementsAre("scsi_mod", "usbcore"));
  EXPECT_THAT(module.wishes, ElementsAre("a_b", "c"));
  EXPECT_EQ(module.release(), "6.1.192");
  EXPECT_TRUE(module.for_mipsel());
  if (std::system("command -v modinfo > /dev/null") != 0) {  // NOLINT(concurrency-mt-unsafe)
    GTEST_SKIP() << "modinfo (kmod) is not installed";
  }
  EXPECT_EQ(shell("modinfo -F depends 6.1.192/kernel/usb-storage.ko"), "scsi_mod,usbcore\n");
  EXPECT_EQ(shell("modinfo -F vermagic 6.1.192/kernel/usb-storage.ko"), module.vermagic + "\n");
}

TEST_F(Modules, NamesAsTheKernelHasThem) {
  EXPECT_EQ(module_name("kernel/drivers/usb/storage/usb-storage.ko.xz"), "usb_storage");
  EXPECT_EQ(module_name("ext4"), "ext4");
  for (const char* name : {"a.ko", "x/a.ko.xz", "a.ko.gz", "a.ko.zst"}) {
    EXPECT_TRUE(is_module_path(name)) << name;
  }
  for (const char* name : {"a.o", "a.ko.txt", "modules.dep", ""}) {
    EXPECT_FALSE(is_module_path(name)) << name;
  }
}

TEST_F(Modules, LoadOrderFollowsDependencies) {
  add("ext4", "jbd2,mbcache,crc16");
  add("jbd2", "crc16");
  add("mbcache");
  add("crc16");
  add("unused");
  EXPECT_THAT(order({"ext4"}), ElementsAre("crc16", "jbd2", "mbcache", "ext4"));
  EXPECT_EQ(codes(), "");
  EXPECT_THAT(order({"mbcache", "ext4"}), ElementsAre("mbcache", "crc16", "jbd2", "ext4"));
}

TEST_F(Modules, SoftDependenciesAreWishes) {
  add("ext4", "", "pre: crc32c absent");
  EXPECT_THAT(order({"ext4"}), ElementsAre("ext4"));
  EXPECT_EQ(codes(), "");
  add("crc32c");
  EXPECT_THAT(order({"ext4"}), ElementsAre("crc32c", "ext4"));
}

TEST_F(Modules, ModulesDepIsWhatDepmodWrites) {
  if (std::system("command -v depmod > /dev/null") != 0) {  // NOLINT(concurrency-mt-unsafe)
    GTEST_SKIP() << "depmod (kmod) is not installed";
  }
  add("ext4", "jbd2,mbcache,crc16");
  add("jbd2", "crc16");
  add("mbcache");
  add("crc16");
  std::string text = plan({"ext4"}).modules_dep();
  // depmod goes by symbols, which these modules have none of; the format is what counts.
  shell("mkdir -p root/lib/modules && cp -r 6.1.192 root/lib/modules/ && depmod -b root 6.1.192");
  for (const char* line : {"kernel/crc16.ko:\n", "kernel/mbcache.ko:\n"}) {
    EXPECT_THAT(read("root/lib/modules/6.1.192/modules.dep"), HasSubstr(line));
    EXPECT_THAT(text, HasSubstr(line));
  }
  EXPECT_THAT(text, HasSubstr("kernel/jbd2.ko: kernel/crc16.ko\n"));
  EXPECT_THAT(text,
              HasSubstr("kernel/ext4.ko: kernel/jbd2.ko kernel/mbcache.ko kernel/crc16.ko\n"));
}

TEST_F(Modules, CompressedOnesAreUnpacked) {
  add("a");
  add("b", "a");
  std::string plain = read("6.1.192/kernel/b.ko");
  shell("cd 6.1.192/kernel && gzip a.ko && xz --check=crc32 b.ko");
  ModulePlan planned = plan({"b"});
  ASSERT_EQ(planned.modules.size(), 2u);
  EXPECT_EQ(planned.modules[1].path, "kernel/b.ko");
  EXPECT_EQ(planned.modules[1].contents, plain);
  EXPECT_EQ(codes(), "");
  std::string packed = read("6.1.192/kernel/b.ko.xz");
  write("6.1.192/kernel/b.ko.xz", packed.substr(0, packed.size() / 2));
  EXPECT_THAT(order({"b"}), IsEmpty());
  EXPECT_EQ(codes(), "MOD010");
}

TEST_F(Modules, SingleFilesAndPackages) {
  write("a.ko", test::ModuleFixture{}.bytes());
  write("data/lib/modules/6.1.192/b.ko", test::ModuleFixture{.depends = "a"}.bytes());
  shell(
      "tar -C data -czf data.tar.gz ./lib && echo 2.0 > debian-binary && "
      "tar -czf control.tar.gz --files-from /dev/null && "
      "tar -czf kmod-b.ipk ./debian-binary ./control.tar.gz ./data.tar.gz");
  ModulePlan planned = plan({"b"}, {path("kmod-b.ipk"), path("a.ko")});
  ASSERT_EQ(planned.modules.size(), 2u) << codes();
  EXPECT_EQ(planned.release, "6.1.192");
  EXPECT_EQ(planned.modules[0].path, "a.ko");
  EXPECT_EQ(planned.modules[1].path, "b.ko");
  EXPECT_EQ(codes(), "");
}

TEST_F(Modules, CirclesEnd) {
  add("a", "b");
  add("b", "c");
  add("c", "a");
  EXPECT_THAT(order({"a"}), ElementsAre("c", "b", "a"));
  EXPECT_EQ(codes(), "MOD008");
  add("a", "a");
  order({"a"});
  EXPECT_EQ(codes(), "MOD008");
}

TEST_F(Modules, LongChainsNeedNoStack) {
  constexpr int kLength = 300;
  for (int i = 0; i < kLength; ++i) {
    add(fmt::format("m{}", i), i + 1 < kLength ? fmt::format("m{}", i + 1) : "");
  }
  Names names = order({"m0"});
  ASSERT_EQ(names.size(), std::size_t{kLength});
  EXPECT_EQ(names.front(), fmt::format("m{}", kLength - 1));
}

TEST_F(Modules, EveryTruncationAndEveryFlippedByte) {
  std::string whole = test::ModuleFixture{.depends = "b", .softdep = "pre: c"}.bytes();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(read_module(as_bytes(std::string_view(whole).substr(0, size)), "x")) << size;
  }
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (char value : {'\0', '\x7f', '\xff'}) {
      std::string broken = whole;
      broken[at] = value;
      (void)read_module(as_bytes(std::string_view(broken)), "x");
    }
  }
  write("6.1.192/kernel/a.ko", "no module");
  order({"a"});
  EXPECT_EQ(codes(), "MOD010");
}

}  // namespace
}  // namespace trxkit::kernel
