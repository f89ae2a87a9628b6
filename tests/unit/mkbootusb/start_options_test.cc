// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What the user may say about the start of a system, from the command line to the initramfs.
#include <gmock/gmock.h>

#include "mkbootusb/program.h"
#include "tests/unit/kernel_fixture.h"
#include "tests/unit/scratch.h"

namespace trxkit {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class StartOptionsTest : public test::Scratch {
 public:
  StartOptionsTest() {
    test::KernelFixture program;
    program.segments = {{.address = 0x400000, .contents = std::string(8192, '\0')}};
    write("busybox", program.bytes());
    write("e2fsck.static", program.bytes());
    write("10-hook", "true\n");
  }
  int initramfs(std::vector<std::string> more) {
    std::vector<std::string> arguments{"initramfs",     "--board", "qemu-malta", "--busybox",
                                       path("busybox"), "-o",      path("cpio")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return mkbootusb_main(arguments, env);
  }
  std::string in_cpio(const std::string& file) {
    return shell("cpio -i --quiet --to-stdout " + file + " < cpio");
  }
};

TEST_F(StartOptionsTest, ReachTheInitramfs) {
  ASSERT_EQ(initramfs({"--root-options", "ro,overlay",
                       "--init",         "/bin/x",
                       "--path",         "/bin",
                       "--env",          "A=1",
                       "--env",          "B=2",
                       "--mount",        "label:D /opt ext4 rw",
                       "--use-swap",     "none",
                       "--no-fsck",      "--rescue",
                       "--fsck",         path("e2fsck.static"),
                       "--hook",         "root=" + path("10-hook")}),
            0)
      << err.str();
  EXPECT_THAT(in_cpio("etc/entry.conf"),
              HasSubstr("options ro,overlay\ninit /bin/x\npath /bin\nenv A=1\nenv B=2\n"
                        "mount label:D /opt ext4 rw\nswap none\nfsck no\nrescue yes\n"));
  EXPECT_EQ("true\n", in_cpio("etc/usbboot/root.d/10-hook"));
  EXPECT_THAT(shell("cpio -t --quiet < cpio"), HasSubstr("sbin/e2fsck\n"));
}

TEST_F(StartOptionsTest, DefaultsLeaveTheRestToInit) {
  ASSERT_EQ(initramfs({}), 0);
  EXPECT_THAT(in_cpio("etc/entry.conf"), HasSubstr("options rw,noatime\ninit /sbin/init\n"));
  EXPECT_THAT(in_cpio("etc/entry.conf"), Not(HasSubstr("fsck")));
}

TEST_F(StartOptionsTest, MistakesAreUsageErrors) {
  for (const std::vector<std::string>& wrong :
       std::vector<std::vector<std::string>>{{"--hook", path("10-hook")},
                                             {"--hook", "boot=" + path("10-hook")},
                                             {"--use-swap", "yes"},
                                             {"--env", "A"},
                                             {"--mount", "label:D /opt"},
                                             {"--fsck", path("busybox")}}) {
    EXPECT_EQ(initramfs(wrong), 2) << wrong[1];
  }
  EXPECT_FALSE(exists("cpio"));
}

}  // namespace
}  // namespace trxkit
