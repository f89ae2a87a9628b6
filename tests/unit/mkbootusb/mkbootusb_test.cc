// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The command: exit statuses, messages that name the cure, no output after a failure.
#include <gmock/gmock.h>

#include "lib/core/json.h"

#include "mkbootusb/program.h"
#include "tests/unit/kernel_fixture.h"
#include "tests/unit/scratch.h"

namespace trxkit {
namespace {

using ::testing::HasSubstr;

class Mkbootusb : public test::Scratch {
 public:
  Mkbootusb() {
    test::KernelFixture program;
    program.segments = {{.address = 0x400000, .contents = std::string(8192, '\0')}};
    write("busybox", program.bytes());
    write("vmlinux", test::sound_kernel(0x80100000, "malta").bytes());
    write("root/sbin/init", "#!/bin/sh\n");
  }

  /// Runs "mkbootusb image" with options that are right, changed by `more`; a later one wins.
  int image(std::map<std::string, std::string> more = {}, std::vector<std::string> flags = {}) {
    std::map<std::string, std::string> options{{"--board", "qemu-malta"},
                                               {"--kernel", path("vmlinux")},
                                               {"--busybox", path("busybox")},
                                               {"--rootfs", path("root")},
                                               {"--free", "1M"},
                                               {"-o", path("stick.img")}};
    for (const auto& [name, value] : more) options[name] = value;
    std::vector<std::string> arguments{"image"};
    for (const auto& [name, value] : options) {
      if (!value.empty()) arguments.insert(arguments.end(), {name, value});
    }
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    out.str("");
    err.str("");
    return mkbootusb_main(arguments, env);
  }

  /// The run fails with `status` and leaves nothing: no image, no manifest, no scratch.
  void expect_failure(int status, std::map<std::string, std::string> more,
                      const std::string& message) {
    std::string before = shell("ls -A | grep -v '^\\.shell$'");
    EXPECT_EQ(image(std::move(more)), status) << err.str();
    EXPECT_THAT(err.str(), HasSubstr(message));
    EXPECT_EQ(shell("ls -A | grep -v '^\\.shell$'"), before);
  }
};

TEST_F(Mkbootusb, SaysWhatItMadeAndWhatComesNext) {
  ASSERT_EQ(image(), 0) << err.str();
  EXPECT_THAT(out.str(), HasSubstr("QEMU malta"));
  EXPECT_THAT(out.str(), HasSubstr("mem=64M"));
  EXPECT_THAT(out.str(), HasSubstr("lsblk"));
  EXPECT_TRUE(exists("stick.img.manifest.json"));
}

TEST_F(Mkbootusb, JsonIsOneObject) {
  ASSERT_EQ(image({}, {"--json"}), 0) << err.str();
  auto json = Json::parse(out.str(), "stdout");
  ASSERT_TRUE(json) << out.str();
  EXPECT_EQ(*json->find("schema")->number(), 1U);
  EXPECT_EQ(*json->find("image_size")->number(), std::filesystem::file_size(path("stick.img")));
  EXPECT_NE(json->find("manifest"), nullptr);
}

TEST_F(Mkbootusb, MissingFiles) {
  expect_failure(7, {{"--kernel", path("none")}}, "none");
  expect_failure(7, {{"--busybox", path("none")}}, "none");
  expect_failure(7, {{"--rootfs", path("none")}}, "none");
}

TEST_F(Mkbootusb, WrongRequests) {
  expect_failure(2, {{"--board", "belkin-f7d7310"}}, "belkin-f7d7301");
  expect_failure(2, {{"--rootfs", ""}}, "--minimal");
  expect_failure(2, {{"--kernel", ""}}, "--kernel");
  expect_failure(2, {{"--kexec", path("busybox")}}, "--kexec");
  expect_failure(2, {{"--entry-name", "Up Case"}}, "a-z");
  expect_failure(2, {{"--boot-fs", "ntfs"}}, "fat32");
  expect_failure(2, {{"--title", "two\nlines"}}, "one line");
  expect_failure(4, {{"--free", "4G"}}, "a file on FAT");
}

TEST_F(Mkbootusb, TheBoardFileStays) {
  std::string board = path("own.toml");
  std::filesystem::copy_file(test::source_directory() + "/boards/qemu-malta.toml", board);
  expect_failure(5, {{"--board", board}, {"-o", board}}, "is an input");
}

TEST_F(Mkbootusb, SeveralEntries) {
  ASSERT_EQ(image({{"--entry", "first,title=The first"}, {"--rootfs", ""}},
                  {"--entry", "second,rootfs=" + path("root"), "--minimal", "--json"}),
            0)
      << err.str();
  auto json = Json::parse(out.str(), "stdout");
  ASSERT_TRUE(json) << out.str();
  const Json::Array& entries = *json->find("entries")->elements();
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(*entries[0].find("name")->text(), "first");
  EXPECT_EQ(*entries[1].find("name")->text(), "second");
}

TEST_F(Mkbootusb, PairOfEntries) {
  ASSERT_EQ(image({}, {"--ab"}), 0) << err.str();
  EXPECT_THAT(out.str(), HasSubstr("entry           a\n"));
  EXPECT_THAT(out.str(), HasSubstr("entry           b\n"));
}

TEST_F(Mkbootusb, SettingsOfTheBootScript) {
  ASSERT_EQ(image({{"--timeout", "0"}}, {"--read-only-stick"}), 0) << err.str();
  shell("mcopy -i stick.img@@1M ::boot/boot.conf .");
  EXPECT_EQ(read("boot.conf"), "timeout 0\nguard no\n");
  expect_failure(2, {{"--timeout", "1000"}, {"-o", path("other.img")}}, "999");
  expect_failure(2, {{"--timeout", "soon"}, {"-o", path("other.img")}}, "soon");
  expect_failure(2, {{"--timeout", "0x10"}, {"-o", path("other.img")}}, "0x10");
  expect_failure(2, {{"--build", "1k"}, {"-o", path("other.img")}}, "1k");
}

TEST_F(Mkbootusb, EntriesExcludeWhatNamesOne) {
  EXPECT_EQ(image({{"--entry", "x"}}, {"--ab"}), 2);
  EXPECT_EQ(image({{"--entry", "x"}, {"--entry-name", "y"}}), 2);
  EXPECT_EQ(image({{"--entry-name", "y"}}, {"--ab"}), 2);
  EXPECT_EQ(image({{"--entry", "x,colour=red"}}), 2);
  EXPECT_FALSE(exists("stick.img"));
}

TEST_F(Mkbootusb, WrongKernels) {
  auto kernel = test::sound_kernel(0x80100000, "malta");
  kernel.big_endian = true;
  write("big-endian", kernel.bytes());
  expect_failure(3, {{"--kernel", path("big-endian")}}, "endian");
  kernel = test::sound_kernel(0x80100000, "malta");
  kernel.machine = 62;
  write("other-machine", kernel.bytes());
  expect_failure(3, {{"--kernel", path("other-machine")}}, "MIPS");
  write("text", "no kernel at all");
  expect_failure(3, {{"--kernel", path("text")}}, "ELF");
}

TEST_F(Mkbootusb, StrippedKernelIsToldTheCure) {
  auto kernel = test::sound_kernel(0x80100000, "malta");
  kernel.symbols.clear();
  write("stripped", kernel.bytes());
  expect_failure(3, {{"--kernel", path("stripped")}}, "hint: ");
  EXPECT_THAT(err.str(), HasSubstr("strip"));
}

TEST_F(Mkbootusb, WrongBusybox) {
  test::KernelFixture program;
  program.segments = {{.address = 0x400000, .contents = std::string(64, '\0')},
                      {.type = 3, .address = 0x400000, .contents = "/lib/ld.so.1"}};
  write("dynamic", program.bytes());
  expect_failure(3, {{"--busybox", path("dynamic")}}, "static");
}

TEST_F(Mkbootusb, TruncatedSquashfs) {
  shell("mksquashfs root whole.squashfs -quiet -no-progress; head -c 200 whole.squashfs >cut");
  expect_failure(3, {{"--rootfs", path("cut")}}, "cut");
  std::filesystem::remove(path("cut"));
}

TEST_F(Mkbootusb, MemoryThatIsNotThereIsNotUsed) {
  auto kernel = test::sound_kernel(0x80100000, "malta");
  kernel.segments[1].bss = 64 << 20;
  kernel.symbols[1].address = 0x80100000 + (68 << 20);
  write("huge", kernel.bytes());
  EXPECT_NE(image({{"--kernel", path("huge")}}), 0);
  EXPECT_FALSE(exists("stick.img"));
}

TEST_F(Mkbootusb, OutputFolderThatIsMissing) {
  expect_failure(7, {{"-o", path("no/where/stick.img")}}, "stick.img");
}

TEST_F(Mkbootusb, ChangesTheRootOnItsWay) {
  write("root/etc/passwd", "root:x:0:0::/root:/bin/sh\n");
  write("root/etc/shadow", "root:*:0:0:99999:7:::\n");
  write("more/index", "hello\n");
  const std::string hash = "$1$salt$" + std::string(22, 'a');
  auto tree = [&](const std::string& target, std::vector<std::string> changes) {
    std::vector<std::string> words{"tree",
                                   "--board",
                                   "qemu-malta",
                                   "--kernel",
                                   path("vmlinux"),
                                   "--busybox",
                                   path("busybox"),
                                   "--rootfs",
                                   path("root"),
                                   "--free",
                                   "1M",
                                   "-d",
                                   path(target)};
    words.insert(words.end(), changes.begin(), changes.end());
    err.str("");
    return mkbootusb_main(words, env);
  };
  auto debugfs = [&](const std::string& request) {
    return shell("PATH=$PATH:/usr/sbin:/sbin debugfs -R '" + request +
                 "' one/boot/default/root.img 2>/dev/null");
  };
  ASSERT_EQ(0, tree("one", {"--add", path("more") + ":/srv/www", "--chown", "/srv/=33:34",
                            "--set-password-hash", "root=" + hash}))
      << err.str();
  EXPECT_EQ("root:" + hash + ":0:0:99999:7:::\n", debugfs("cat /etc/shadow"));
  EXPECT_EQ("hello\n", debugfs("cat /srv/www/index"));
  EXPECT_THAT(debugfs("ls -p /srv/www"), HasSubstr("/100644/33/34/index/6/"));
  shell("PATH=$PATH:/usr/sbin:/sbin e2fsck -fn one/boot/default/root.img");
  // Another stick, so another name.
  ASSERT_EQ(0, tree("two", {"--add", path("more") + ":/srv/www", "--chown", "/srv/=33:35",
                            "--set-password-hash", "root=" + hash}));
  EXPECT_NE(read("one/boot/entries/default.conf"), read("two/boot/entries/default.conf"));
  EXPECT_EQ(2, tree("three", {"--set-password-hash", "root=secret"}));
  EXPECT_FALSE(exists("three"));
}

}  // namespace
}  // namespace trxkit
