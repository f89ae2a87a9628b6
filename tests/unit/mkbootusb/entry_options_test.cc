// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "mkbootusb/entry_options.h"

#include <gtest/gtest.h>

namespace trxkit {
namespace {

TEST(EntryOption, TakesWhatItDoesNotSayFromTheDefaults) {
  boot::EntryRequest defaults{.kernel = "vmlinux", .rootfs = "root.tar", .free_bytes = 7};
  auto entry = parse_entry("debian,priority=0x10,rootfs=debian.tar,free=2M", defaults);
  ASSERT_TRUE(entry) << entry.error().what;
  EXPECT_EQ(entry->name, "debian");
  EXPECT_EQ(entry->priority, 16U);
  EXPECT_EQ(entry->kernel, "vmlinux");
  EXPECT_EQ(entry->rootfs, "debian.tar");
  EXPECT_EQ(entry->free_bytes, 2U << 20);
  EXPECT_EQ(parse_entry("bare", defaults)->rootfs, "root.tar");
}

TEST(EntryOption, CommaInAValueIsWrittenTwice) {
  auto entry = parse_entry("x,title=one,, two,,,cmdline=a=b,,c", {});
  ASSERT_TRUE(entry) << entry.error().what;
  EXPECT_EQ(entry->title, "one, two,");
  EXPECT_EQ(entry->command_line, "a=b,c");
}

TEST(EntryOption, MinimalAndRootfsReplaceEachOther) {
  auto minimal = parse_entry("x,minimal", {.rootfs = "root.tar"});
  ASSERT_TRUE(minimal);
  EXPECT_TRUE(minimal->minimal);
  EXPECT_EQ(minimal->rootfs, "");
  auto rootfs = parse_entry("x,rootfs=f", {.minimal = true});
  ASSERT_TRUE(rootfs);
  EXPECT_FALSE(rootfs->minimal);
}

TEST(EntryOption, ModulesAreAdded) {
  auto entry = parse_entry("x,modules=b", {.modules = {"a"}});
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->modules, (std::vector<std::string>{"a", "b"}));
}

TEST(EntryOption, SettingsOfTheStart) {
  auto entry = parse_entry(
      "x,root-options=ro,,overlay,init=/init,path=/bin,env=A=1,mount=none /x tmpfs "
      "rw,use-swap=none,"
      "no-fsck,rescue",
      {.start = {.environment = {"B=2"}}});
  ASSERT_TRUE(entry) << entry.error().what;
  EXPECT_EQ(entry->start.options, "ro,overlay");
  EXPECT_EQ(entry->start.init, "/init");
  EXPECT_EQ(entry->start.path, "/bin");
  EXPECT_EQ(entry->start.environment, (std::vector<std::string>{"B=2", "A=1"}));
  EXPECT_EQ(entry->start.mounts, (std::vector<std::string>{"none /x tmpfs rw"}));
  EXPECT_EQ(entry->start.swap, "none");
  EXPECT_FALSE(entry->start.check);
  EXPECT_TRUE(entry->start.rescue);
}

void expect_refused(const std::string& text, const std::string& said) {
  auto entry = parse_entry(text, {});
  ASSERT_FALSE(entry) << text;
  EXPECT_EQ(entry.error().code, Code::usage) << text;
  std::string message = entry.error().what + " " + entry.error().hint;
  EXPECT_TRUE(message.contains(said)) << message;
}

TEST(EntryOption, SaysWhatIsWrong) {
  expect_refused("x,prority=1", "did you mean priority?");
  expect_refused("x,zzzzzzzz=1", "the keys are title=");
  expect_refused("x,", "no key");
  expect_refused("x,minimal=yes", "has no value");
  expect_refused("x,title", "needs a value");
  expect_refused("x,priority=70000", "65535");
  expect_refused("x,priority=high", "high");
  expect_refused("x,free=lots", "lots");
}

}  // namespace
}  // namespace trxkit
