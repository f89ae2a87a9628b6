// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Updates of a /boot tree, killed before and after every change of a name.
#include <csignal>
#include <cstring>
#include <iterator>
#include <regex>

#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/boot/stick_fixture.h"

namespace {

// Renames and removals below a folder "boot" until the process kills itself; negative: never.
int changes_left = -1;

bool dies_before(const char* path) {
  return changes_left >= 0 && std::strstr(path, "/boot/") != nullptr && changes_left-- == 0;
}

}  // namespace

// In place of libc's: what a killed process has done by then is all that counts.
extern "C" int rename(const char* from, const char* to) noexcept {
  if (dies_before(to)) raise(SIGKILL);
  auto result = syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
  return static_cast<int>(result);
}

extern "C" int remove(const char* path) noexcept {
  if (dies_before(path)) raise(SIGKILL);
  int result = unlink(path);
  return result == 0 || errno != EISDIR ? result : rmdir(path);
}

namespace trxkit::boot {
namespace {

namespace fs = std::filesystem;

class TreeUpdate : public Stick {
 public:
  Result<StickResult> update() { return tree("stick"); }

  std::string entry_text(const std::string& name = "default") const {
    return read("stick/boot/entries/" + name + ".conf");
  }
  /// What stands behind `key` in the entry.
  std::string value(const std::string& key) const {
    std::smatch found;
    std::string text = entry_text();
    bool there = std::regex_search(text, found, std::regex("(^|\n)" + key + " ([^\n]*)\n"));
    return there ? found[2].str() : std::string();
  }
  std::string root() const { return "stick/" + value("root").substr(std::strlen("image:")); }
  /// The entry as boot.sh and /init will find it: a kernel with its hash, a sound root.
  void expect_whole() const {
    shell(fmt::format("echo '{}  stick/boot/{}' | sha256sum -c; e2fsck -fn {}",
                      value("kernel-sha256"), value("kernel"), root()));
  }
  std::string greeting() const {
    return shell("debugfs -R 'cat etc/greeting' " + root() + " 2>/dev/null");
  }
  void change() { write("root/etc/greeting", "good evening\n"); }
};

TEST_F(TreeUpdate, NewContentsGetNewNames) {
  ASSERT_TRUE(update());
  EXPECT_EQ(root(), "stick/boot/default/root.img");
  shell("cp stick/boot/default/root.img before.img");
  change();
  auto result = update();
  ASSERT_TRUE(result) << result.error().what;
  expect_whole();
  EXPECT_EQ(greeting(), "good evening\n");
  // A system that runs from the old one still has it; its kernel is of no more use.
  shell("cmp before.img stick/boot/default/root.img");
  EXPECT_EQ(result->left, (std::vector<std::string>{"boot/default/root.img"}));
  EXPECT_FALSE(exists("stick/boot/default/vmlinux.elf"));
  EXPECT_EQ(shell("ls stick/boot/default | wc -l"), "3\n");
}

TEST_F(TreeUpdate, SameInputsChangeNothing) {
  ASSERT_TRUE(update());
  shell("echo written by the router >>stick/boot/default/root.img");
  std::string listing = shell("find stick -type f | sort | xargs sha256sum; stat -c %i " + root());
  ASSERT_TRUE(update());
  EXPECT_EQ(shell("find stick -type f | sort | xargs sha256sum; stat -c %i " + root()), listing);
}

TEST_F(TreeUpdate, NewKernelLeavesTheRootAlone) {
  ASSERT_TRUE(update());
  std::string kernel = value("kernel-sha256");
  shell("debugfs -w -R 'write vmlinux etc/setting' stick/boot/default/root.img");
  std::string root_before = shell("sha256sum stick/boot/default/root.img");
  entry().command_line = "quiet";
  auto result = update();
  ASSERT_TRUE(result) << result.error().what;
  EXPECT_NE(value("kernel-sha256"), kernel);
  EXPECT_EQ(root(), "stick/boot/default/root.img");
  EXPECT_EQ(shell("sha256sum stick/boot/default/root.img"), root_before);
  EXPECT_TRUE(result->left.empty());
}

TEST_F(TreeUpdate, OtherEntriesStay) {
  ASSERT_TRUE(update());
  entry().name = "second";
  ASSERT_TRUE(update());
  expect_whole();
  EXPECT_TRUE(entry_text("second").contains("kernel second/vmlinux.elf\n"));
  shell(
      "cd stick/boot; while read -r key sum name; do [ \"$key\" != sha256 ] || echo \"$sum  "
      "$name\"; done <boot.manifest >sums && sha256sum -c sums && test $(wc -l <sums) = 5");
}

TEST_F(TreeUpdate, WhatOthersChangedIsRefused) {
  ASSERT_TRUE(update());
  write("stick/boot/entries/default.conf", entry_text() + "options ro\n");
  std::string before = shell("find stick -type f | sort | xargs sha256sum");
  change();
  auto refused = update();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::refused);
  EXPECT_TRUE(refused.error().where.file.ends_with("entries/default.conf"));
  EXPECT_EQ(shell("find stick -type f | sort | xargs sha256sum"), before);
  fs::remove(path("stick/boot/entries/default.conf"));
  ASSERT_TRUE(update());
  expect_whole();
}

TEST_F(TreeUpdate, WhatIsNotOursStays) {
  write("stick/boot/default/notes.txt", "mine");
  write("stick/boot/default/root.img", "mine, too");
  ASSERT_TRUE(update());
  expect_whole();
  change();
  ASSERT_TRUE(update());
  EXPECT_EQ(read("stick/boot/default/notes.txt"), "mine");
  EXPECT_EQ(read("stick/boot/default/root.img"), "mine, too");
}

TEST_F(TreeUpdate, StickOfAnotherBoard) {
  ASSERT_TRUE(update());
  request.board.name = "another";
  auto refused = update();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::refused);
}

TEST_F(TreeUpdate, HostileManifest) {
  for (const char* name : {"../outside", "boot/../../outside", "/outside", "outside", ""}) {
    write("outside", "precious");
    write("stick/boot/manifest.json",
          fmt::format("{{\"board\": \"qemu-malta\", \"contents\": [{{\"role\": \"kernel\", "
                      "\"name\": \"{}\", \"sha256\": \"\"}}]}}",
                      name));
    auto refused = update();
    ASSERT_FALSE(refused) << name;
    EXPECT_EQ(refused.error().code, Code::bad_input);
  }
  EXPECT_EQ(read("outside"), "precious");
  write("stick/boot/manifest.json", "{\"board\": \"qemu-malta\"}");
  EXPECT_EQ(update().error().code, Code::bad_input);
}

// Runs the update in a process that dies at its `change`-th change; says whether it did.
bool killed_at(int change, const std::function<Result<StickResult>()>& update) {
  pid_t child = fork();
  if (child == 0) {
    changes_left = change;
    _exit(update() ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) == 0) << change;
  return WIFSIGNALED(status);
}

TEST_F(TreeUpdate, KilledAnywhereLeavesAWholeEntry) {
  ASSERT_TRUE(update());
  shell("cp -a stick old");
  change();
  int killed = 0;
  for (int step = 0; killed_at(step, [&] { return update(); }); ++step) {
    ++killed;
    expect_whole();
    std::string now = greeting();
    EXPECT_TRUE(now == "hello\n" || now == "good evening\n") << step << now;
    // The next run is not hindered by what the killed one left, and clears it away.
    ASSERT_TRUE(update()) << step;
    expect_whole();
    EXPECT_EQ(greeting(), "good evening\n");
    EXPECT_EQ(shell("ls -A stick"), "boot\n");
    shell("rm -rf stick; cp -a old stick");
  }
  EXPECT_GE(killed, 7);  // root, kernel, manifest, entry, boot.manifest, old kernel, manifest
}

}  // namespace
}  // namespace trxkit::boot
