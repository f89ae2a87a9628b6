// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/boot/start.h"

#include <gmock/gmock.h>

#include "tests/unit/boot/stick_fixture.h"

namespace trxkit::boot {
namespace {

using ::testing::HasSubstr;

rootfs::StartSettings everything() {
  return {.options = "ro,overlay",
          .init = "/usr/lib/init",
          .path = "/opt/bin:/bin",
          .environment = {"LANG=C", "_a1=two words", "EMPTY="},
          .mounts = {"label:USBDATA /opt ext4 rw,nofail", "tmpfs /run tmpfs size=1M"},
          .swap = "uuid:1-2",
          .check = false,
          .rescue = true};
}

void expect_refused(rootfs::StartSettings settings, const std::string& text) {
  auto checked = check_start(settings);
  ASSERT_FALSE(checked) << text;
  EXPECT_EQ(checked.error().code, Code::usage);
  EXPECT_THAT(checked.error().what, HasSubstr(text));
}

TEST(Start, WhatInitUnderstandsPasses) {
  EXPECT_TRUE(check_start({}));
  EXPECT_TRUE(check_start(everything()));
  for (const char* swap : {"", "none", "label:A", "uuid:B"}) {
    EXPECT_TRUE(check_start({.swap = swap})) << swap;
  }
}

TEST(Start, OneLineEach) {
  for (auto change : std::vector<void (*)(rootfs::StartSettings&)>{
           [](auto& s) { s.options += "\nx"; }, [](auto& s) { s.init += "\nx"; },
           [](auto& s) { s.path += "\nx"; }, [](auto& s) { s.swap += "\nx"; },
           [](auto& s) { s.environment[0] += "\nx"; }, [](auto& s) { s.mounts[0] += "\nx"; }}) {
    rootfs::StartSettings settings = everything();
    change(settings);
    expect_refused(settings, "one line");
  }
}

TEST(Start, WordsWithoutBlanks) {
  expect_refused({.options = "rw, noatime"}, "the options");
  expect_refused({.path = "/bin /sbin"}, "the path");
  expect_refused({.swap = "label:A B"}, "the swap");
}

TEST(Start, InitIsAPathInTheRoot) {
  for (const char* init : {"", "init", "/../init", "/a/..", "/a b"}) {
    expect_refused({.init = init}, "cannot be the init");
  }
}

TEST(Start, VariablesHaveNames) {
  for (const char* variable : {"", "A", "=x", "1A=x", "A-B=x", "A B=x"}) {
    expect_refused({.environment = {variable}}, "sets no variable");
  }
}

TEST(Start, MountsHaveFourWords) {
  for (const char* mount :
       {"", "label:A /opt ext4", "label:A /opt ext4 rw more", "label:A / ext4 rw",
        "label:A opt ext4 rw", "label:A /opt/../etc ext4 rw"}) {
    expect_refused({.mounts = {mount}}, "no mount");
  }
}

TEST(Start, SwapIsNamed) {
  for (const char* swap : {"yes", "/dev/sda2", "label:", "uuid:"}) {
    expect_refused({.swap = swap}, "no swap partition");
  }
}

class StartOfAStick : public Stick {
 protected:
  std::string entry_in(const std::string& tree) {
    return read(tree + "/boot/entries/default.conf");
  }
};

TEST_F(StartOfAStick, StandsInEntryAndInitramfs) {
  entry().start = everything();
  request.additions.hooks = {{rootfs::HookStage::root, write("10-x", "true\n")}};
  request.additions.checkers = {write("e2fsck", program().bytes())};
  auto made = tree("made");
  ASSERT_TRUE(made) << made.error().what;
  EXPECT_THAT(entry_in("made"), HasSubstr("mount label:USBDATA /opt ext4 rw,nofail\n"));
  EXPECT_THAT(entry_in("made"), HasSubstr("fsck no\nrescue yes\n"));
  std::string manifest = read("made/boot/manifest.json");
  EXPECT_THAT(manifest, HasSubstr("\"hook-root\""));
  EXPECT_THAT(manifest, HasSubstr("\"fsck\""));
}

TEST_F(StartOfAStick, GivesItOtherIds) {
  std::string before = tree("before")->medium;
  entry().start.rescue = true;
  EXPECT_NE(before, tree("rescue")->medium);
  entry().start.rescue = false;
  EXPECT_EQ(before, tree("again")->medium);
}

TEST_F(StartOfAStick, NonsenseIsRefusedBeforeAnythingIsWritten) {
  entry().start.swap = "yes";
  EXPECT_FALSE(tree("made"));
  EXPECT_FALSE(exists("made"));
}

TEST_F(StartOfAStick, AdditionsAreInputs) {
  request.additions.hooks = {{rootfs::HookStage::root, write("10-x", "true\n")}};
  EXPECT_FALSE(image("10-x"));
  EXPECT_EQ("true\n", read("10-x"));
}

}  // namespace
}  // namespace trxkit::boot
