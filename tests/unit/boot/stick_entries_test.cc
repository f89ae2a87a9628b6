// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Several boot entries on one stick: each with its own kernel, initramfs and root.
#include "lib/core/json.h"

#include "tests/unit/boot/stick_fixture.h"

namespace trxkit::boot {
namespace {

class SeveralEntries : public Stick {
 public:
  SeveralEntries() {
    write("other/etc/greeting", "other\n");
    write("other/sbin/init", "#!/bin/sh\n");
    request.entries.push_back(entry());
    entry().name = "a";
    entry().priority = 110;
    request.entries[1].name = "b";
    request.entries[1].title = "The other one";
    request.entries[1].rootfs = path("other");
  }
};

TEST_F(SeveralEntries, EachHasItsKernelAndRoot) {
  auto result = tree("stick");
  ASSERT_TRUE(result) << result.error().what;
  ASSERT_EQ(result->entries.size(), 2U);
  EXPECT_NE(result->entries[0].root_uuid, result->entries[1].root_uuid);
  shell("cd stick/boot && e2fsck -fn a/root.img && e2fsck -fn b/root.img");
  EXPECT_EQ(shell("debugfs -R 'cat etc/greeting' stick/boot/a/root.img 2>/dev/null"), "hello\n");
  EXPECT_EQ(shell("debugfs -R 'cat etc/greeting' stick/boot/b/root.img 2>/dev/null"), "other\n");
  // Not the same file twice: the initramfs in each names its own entry.
  shell("cmp -s stick/boot/a/vmlinux.elf stick/boot/b/vmlinux.elf", 1);
  std::string entry = read("stick/boot/entries/b.conf");
  EXPECT_TRUE(entry.contains("title The other one\n")) << entry;
  EXPECT_TRUE(entry.contains("root image:boot/b/root.img\n")) << entry;
  EXPECT_TRUE(read("stick/boot/entries/a.conf").contains("priority 110\n"));
  shell(
      "cd stick/boot; while read -r key sum name; do [ \"$key\" != sha256 ] || echo \"$sum  "
      "$name\"; done <boot.manifest >sums && sha256sum -c sums && test $(wc -l <sums) = 5");
}

TEST_F(SeveralEntries, SharedInputsAreNamedOnce) {
  auto result = tree("stick");
  ASSERT_TRUE(result) << result.error().what;
  std::string roles;
  for (const ManifestFile& input : result->manifest.inputs) roles += input.role + " ";
  EXPECT_EQ(roles, "kernel rootfs rootfs busybox ");
}

TEST_F(SeveralEntries, NamesAreUnique) {
  request.entries[1].name = "a";
  auto refused = tree("stick");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::usage);
  request.entries.clear();
  EXPECT_EQ(tree("stick").error().code, Code::usage);
}

TEST_F(SeveralEntries, KexecIsForMinimalRoots) {
  request.kexec = path("busybox");
  auto refused = tree("stick");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::usage);
  EXPECT_TRUE(refused.error().what.contains("--kexec")) << refused.error().what;
  request.entries[1].rootfs.clear();
  request.entries[1].minimal = true;
  auto result = tree("stick");
  ASSERT_TRUE(result) << result.error().what;
  shell("debugfs -R 'stat sbin/kexec' stick/boot/b/root.img | grep -q 'Type: regular'");
}

}  // namespace
}  // namespace trxkit::boot
