// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Modules: read, ordered, compared with a kernel. modinfo and depmod (kmod) are the second opinion.
#include <gmock/gmock.h>

#include "lib/kernel/check_modules.h"
#include "lib/kernel/module_catalogue.h"

#include "tests/unit/module_fixture.h"
#include "tests/unit/scratch.h"

namespace trxkit::kernel {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using Names = std::vector<std::string>;

class Modules : public test::Scratch {
 public:
  Modules() {
    kernel.release = "6.1.192";
    kernel.banner = "Linux version 6.1.192 (a@b)";
    kernel.vermagic = "6.1.192 mod_unload MIPS32_R2 32BIT ";
  }

  void add(const std::string& name, const std::string& depends = "",
           const std::string& softdep = "") {
    test::ModuleFixture module{.depends = depends, .softdep = softdep};
    write("6.1.192/kernel/" + name + ".ko", module.bytes());
  }
  void add(const std::string& name, const test::ModuleFixture& module) {
    write("6.1.192/kernel/" + name + ".ko", module.bytes());
  }

  /// Plans `wanted` out of the folder (or `paths`); findings are kept.
  ModulePlan plan(const Names& wanted, Names paths = {}) {
    findings = {};
    std::filesystem::create_directories(folder / "6.1.192");
    if (paths.empty()) paths = {path("6.1.192")};
    auto set = ModuleSet::open(paths, env, findings);
    EXPECT_TRUE(set) << set.error().what;
    if (!set) return {};
    auto planned = plan_modules(*set, wanted, known ? &kernel : nullptr, findings);
    EXPECT_TRUE(planned) << planned.error().what;
    return planned ? *planned : ModulePlan{};
  }
  Names order(const Names& wanted, Names paths = {}) {
    Names names;
    for (const Module& module : plan(wanted, std::move(paths)).modules)
      names.push_back(module.name);
    return names;
  }
  std::string codes() const {
    std::string text;
    for (const Finding& finding : findings.list()) text += finding.code + " ";
    return text.substr(0, text.empty() ? 0 : text.size() - 1);
  }
  std::string message() const {
    return findings.list().empty() ? "" : findings.list().front().message;
  }
  std::string hint() const { return findings.list().empty() ? "" : findings.list().front().hint; }

  KernelFacts kernel;
  bool known = true;
  Findings findings;
};

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

TEST_F(Modules, ForAnotherKernel) {
  add("a");
  kernel.vermagic = "6.1.192 SMP mod_unload MIPS32_R2 32BIT ";
  order({"a"});
  EXPECT_EQ(codes(), "MOD001");
  EXPECT_THAT(message(), HasSubstr("\"6.1.192 SMP mod_unload MIPS32_R2 32BIT\""));
  kernel.vermagic = "";  // a kernel that hides it: the release tells
  order({"a"});
  EXPECT_EQ(codes(), "");
  kernel.release = "6.1.191";
  order({"a"});
  EXPECT_EQ(codes(), "MOD001");
}

TEST_F(Modules, WithModversionsTheReleaseDoesNotCount) {
  add("a");
  kernel.vermagic = "6.1.190 mod_unload MIPS32_R2 32BIT ";
  kernel.config = KernelConfig::parse("CONFIG_MODULES=y\nCONFIG_MODVERSIONS=y\n");
  order({"a"});
  EXPECT_EQ(codes(), "");
  kernel.config = KernelConfig::parse("CONFIG_MODULES=y\n");
  order({"a"});
  EXPECT_EQ(codes(), "MOD001");
}

TEST_F(Modules, ForAnotherProcessor) {
  for (auto module : {test::ModuleFixture{.is_64_bit = true},
                      {.big_endian = true},
                      {.machine = 62},
                      {.flags = 0x90001001}}) {
    add("a", module);
    order({"a"});
    EXPECT_EQ(codes(), "MOD002");
  }
}

TEST_F(Modules, MissingDependency) {
  add("usb-storage", "scsi_mod");
  EXPECT_THAT(order({"usb-storage"}), ElementsAre("usb_storage"));
  EXPECT_EQ(codes(), "MOD003");
  EXPECT_THAT(hint(), HasSubstr("kmod-scsi-core"));
  write("6.1.192/modules.builtin", "kernel/drivers/scsi/scsi_mod.ko\n");
  order({"usb-storage"});
  EXPECT_EQ(codes(), "");
}

TEST_F(Modules, WantedOnesThatAreNotThere) {
  order({"usb-storage", "jbd2"});
  EXPECT_EQ(codes(), "MOD006");
  EXPECT_THAT(message(), HasSubstr("usb_storage, jbd2"));
  EXPECT_THAT(hint(), HasSubstr("CONFIG_USB_STORAGE=m; OpenWrt: kmod-usb-storage"));
  kernel.config = KernelConfig::parse("CONFIG_USB_STORAGE=m\n");
  order({"usb-storage", "jbd2"});  // jbd2 is asked for by ext4 where that is a module
  EXPECT_EQ(codes(), "MOD004");
  kernel.config = KernelConfig::parse("CONFIG_MODULES=y\n");
  order({"usb-storage"});
  EXPECT_EQ(codes(), "MOD005");
  kernel.config = KernelConfig::parse("CONFIG_USB_STORAGE=y\n");
  EXPECT_THAT(plan({"usb-storage"}).built_in, ElementsAre("usb_storage"));
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

TEST_F(Modules, FolderOfAnotherKernel) {
  add("a");
  shell("mv 6.1.192 6.1.190");
  order({"a"}, {path("6.1.190")});
  EXPECT_EQ(codes(), "MOD009");
  shell("mv 6.1.190 my-modules");  // says nothing
  order({"a"}, {path("my-modules")});
  EXPECT_EQ(codes(), "");
}

TEST_F(Modules, TwoOfOneName) {
  add("usb-storage");
  write("6.1.192/extra/usb_storage.ko", test::ModuleFixture{}.bytes());
  order({"usb-storage"});
  EXPECT_EQ(codes(), "MOD011");
}

TEST_F(Modules, KernelThatTakesNone) {
  add("a");
  kernel.config = KernelConfig::parse("# CONFIG_MODULES is not set\n");
  order({"a"});
  EXPECT_EQ(codes(), "MOD012");
}

TEST_F(Modules, UnknownKernel) {
  known = false;
  add("a");
  order({"a"});
  EXPECT_EQ(codes(), "MOD013");
  add("b", test::ModuleFixture{.vermagic = "6.1.192 SMP MIPS32_R2 32BIT "});
  order({"a", "b"});
  EXPECT_EQ(codes(), "MOD014 MOD013");
}

TEST_F(Modules, FolderThatWasNotCopiedWhole) {
  add("a");
  write("6.1.192/modules.dep", "kernel/a.ko:\nkernel/b.ko: kernel/a.ko\nkernel/c.ko:\n");
  order({"a"});
  EXPECT_EQ(codes(), "");
  order({"a", "b"});
  EXPECT_EQ(codes(), "MOD007 MOD006");
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

TEST_F(Modules, WhatTheBoardsWantIsKnown) {
  for (const char* name : {"usb-storage", "nls_iso8859-1", "bcma-hcd"}) {
    EXPECT_NE(origin_of(name), nullptr) << name;
  }
  EXPECT_EQ(origin_of("unheard-of"), nullptr);
  for (const char* root : {"image:x", "label:x", "uuid:x", "nbd:x", "nfs:x", "http:x", "tmpfs:"}) {
    for (const std::string& name : modules_for_root(root)) {
      EXPECT_NE(origin_of(name), nullptr) << name;
    }
  }
  EXPECT_THAT(modules_for_root("tmpfs:"), IsEmpty());
  EXPECT_THAT(modules_for_root("nfs:host:/path"), ElementsAre("nfs", "nfsv3"));
}

}  // namespace
}  // namespace trxkit::kernel
