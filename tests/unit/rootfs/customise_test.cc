// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/rootfs/customise.h"

#include <gtest/gtest.h>

#include "lib/archive/memory.h"
#include "lib/rootfs/ownership.h"

#include "tests/unit/rootfs/fixtures.h"

namespace trxkit::rootfs {
namespace {

using archive::EntryType;
using archive::MemoryTree;

constexpr const char* kKey =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g me@host";
const std::string kHash = "$1$salt$" + std::string(22, 'a');
const std::string kModern = "$y$j9T$abcdefgh$" + std::string(43, 'a');

class Customised : public test::Scratch {
 public:
  Customised() {
    root->add_directory("", 0700);
    root->add_text("etc/passwd", "root:x:0:0:root:/root:/bin/ash\n");
    root->add_text("etc/shadow", "root::0:0:99999:7:::\n", 0600).gid = 42;
    root->add_text("etc/banner", "old");
    root->add_text("usr/sbin/dropbear", "program", 0755);
    write("key.pub", std::string(kKey) + "\n");
  }
  Result<CustomisedRoot> result(const Customisation& changes) {
    return customise(root, changes, {}, env, findings);
  }
  std::map<std::string, test::SeenEntry> tree(const Customisation& changes) {
    auto made = result(changes);
    EXPECT_TRUE(made) << made.error().what;
    return made ? test::read_tree(*made->tree) : std::map<std::string, test::SeenEntry>{};
  }
  Error error_of(const Customisation& changes) {
    auto made = result(changes);
    EXPECT_FALSE(made);
    return made ? Error{} : made.error();
  }

  std::shared_ptr<MemoryTree> root = std::make_shared<MemoryTree>("root", 1600000000);
  Findings findings;
};

TEST_F(Customised, NothingIsTheRootItself) {
  auto seen = tree({});
  EXPECT_EQ(seen.size(), 8u);
  EXPECT_EQ(seen[""].entry.mode, 0700u);
}

TEST_F(Customised, AdditionsOverTheRoot) {
  write("folder/etc/banner", "new");
  write("folder/etc/more", "more");
  write("single", "a file");
  shell(
      "chmod 500 single; chmod 1777 folder; tar -C folder --owner=7 --group=8 -cf t.tar etc/more");
  auto seen = tree({.additions = {path("folder"), path("folder") + ":/srv/www",
                                  path("single") + ":/usr/bin/program", path("single") + ":/opt/",
                                  path("t.tar"), path("t.tar") + ":/root/t.tar"}});
  EXPECT_EQ(seen["etc/banner"].contents, "new");
  EXPECT_EQ(seen["srv/www/etc/banner"].contents, "new");
  EXPECT_EQ(seen["usr/bin/program"].entry.mode, 0755u);
  EXPECT_EQ(seen["opt/single"].contents, "a file");
  EXPECT_EQ(seen["root/t.tar"].contents, read("t.tar"));
  EXPECT_EQ(seen["etc/more"].entry.uid, 7u) << "the tar came last";
  EXPECT_EQ(seen["srv/www/etc/more"].entry.uid, 0u);
  EXPECT_EQ(seen[""].entry.mode, 0700u) << "the folder's own attributes do not count";
}

TEST_F(Customised, FilesOfAFolderBelongToRoot) {
  write("folder/etc/banner", "new");
  shell("chown -R 1000:1000 folder || true");
  EXPECT_EQ(tree({.additions = {path("folder")}})["etc/banner"].entry.uid, 0u);
}

TEST_F(Customised, InputsAreNamed) {
  write("folder/a", "x");
  Customisation changes{.additions = {path("folder") + ":/x", path("key.pub") + ":/k"},
                        .ssh_keys = {path("key.pub")}};
  auto made = result(changes);
  ASSERT_TRUE(made) << made.error().what;
  ASSERT_EQ(made->inputs.size(), 3u);
  EXPECT_EQ(made->inputs[0].name, "folder");
  EXPECT_EQ(made->inputs[2].role, "ssh-key");
  EXPECT_EQ(made->inputs[1].sha256 + "\n", shell("sha256sum key.pub | cut -d' ' -f1"));
  EXPECT_EQ(changes.files_read(), (std::vector{path("key.pub"), path("folder"), path("key.pub")}));
}

TEST_F(Customised, AdditionsThatAreNone) {
  auto unplaced = error_of({.additions = {path("key.pub")}});
  EXPECT_EQ(unplaced.code, Code::bad_input);
  EXPECT_TRUE(unplaced.hint.contains("its place: " + path("key.pub") + ":/PATH"));
  auto absent = error_of({.additions = {path("absent")}});
  EXPECT_EQ(absent.code, Code::io);
  EXPECT_FALSE(absent.hint.contains("its place"));
  EXPECT_EQ(error_of({.additions = {path("key.pub") + ":/a/../b"}}).code, Code::bad_input);
  EXPECT_EQ(error_of({.additions = {":/a"}}).code, Code::usage);
  EXPECT_EQ(error_of({.additions = {""}}).code, Code::usage);
}

TEST_F(Customised, Owners) {
  root->add_text("srv/www/index", "x");
  root->add_text("srv/wwwx", "x");
  auto seen = tree({.owners = {"/srv/www/=33:34", "etc/banner=0x10:5", "/srv/www/index=1:2"}});
  EXPECT_EQ(seen["srv/www"].entry.uid, 33u);
  EXPECT_EQ(seen["srv/www"].entry.gid, 34u);
  EXPECT_EQ(seen["srv/www/index"].entry.uid, 1u) << "the last one counts";
  EXPECT_EQ(seen["srv/wwwx"].entry.uid, 0u);
  EXPECT_EQ(seen["srv"].entry.uid, 0u);
  EXPECT_EQ(seen["etc/banner"].entry.uid, 16u);
  auto all = tree({.owners = {"/=9:9"}});
  EXPECT_EQ(all[""].entry.uid, 9u);
  EXPECT_EQ(all["etc/shadow"].entry.gid, 9u);
}

TEST_F(Customised, OwnersOfNothing) {
  Error error = error_of({.owners = {"/etc/banner=1:1", "/etc/baner=1:1"}});
  EXPECT_EQ(error.what, "has no 'etc/baner' that could get an owner");
  for (const char* text : {"", "x", "=1:1", "a=1", "a=1:", "a=:1", "a=-1:1", "a=4294967295:1",
                           "a=root:root", "a/../b=1:1"}) {
    EXPECT_EQ(error_of({.owners = {text}}).code, Code::usage) << text;
  }
  shell("mkdir t && echo x > t/a && ln t/a t/b && tar -C t --sort=name -cf t.tar .");
  error = error_of({.additions = {path("t.tar")}, .owners = {"/b=1:1"}});
  EXPECT_EQ(error.what, "'b' is a hard link");
  EXPECT_EQ(tree({.additions = {path("t.tar")}, .owners = {"/a=1:1"}})["a"].entry.uid, 1u);
}

TEST_F(Customised, PasswordsKeepModeAndOwnerOfTheirFile) {
  auto seen = tree({.password_hashes = {"root=" + kHash}});
  EXPECT_EQ(seen["etc/shadow"].contents, "root:" + kHash + ":0:0:99999:7:::\n");
  EXPECT_EQ(seen["etc/shadow"].entry.mode, 0600u);
  EXPECT_EQ(seen["etc/shadow"].entry.gid, 42u);
  EXPECT_EQ(seen["etc/passwd"].contents, "root:x:0:0:root:/root:/bin/ash\n");
}

TEST_F(Customised, PasswordsThatCannotWork) {
  EXPECT_EQ(error_of({.password_hashes = {"root=secret"}}).code, Code::usage);
  EXPECT_EQ(error_of({.password_hashes = {"admin=" + kHash}}).what,
            "/etc/passwd has no user admin");
  EXPECT_TRUE(result({.password_hashes = {"root=" + kModern}}));
  root->add_text("lib/ld-musl-mipsel-sf.so.1", "");
  EXPECT_TRUE(error_of({.password_hashes = {"root=" + kModern}}).what.contains("C library"));
  EXPECT_TRUE(result({.password_hashes = {"root=" + kHash}}));
  auto linked = std::make_shared<MemoryTree>("root", 0);
  linked->add_symlink("etc/passwd", "/tmp/passwd");
  root = linked;
  EXPECT_EQ(error_of({.password_hashes = {"root=" + kHash}}).what, "has no /etc/passwd with users");
}

TEST_F(Customised, KeysWhereTheServerLooks) {
  auto seen = tree({.ssh_keys = {path("key.pub")}});
  EXPECT_EQ(seen["root/.ssh/authorized_keys"].contents, std::string(kKey) + "\n");
  EXPECT_EQ(seen["root/.ssh/authorized_keys"].entry.mode, 0600u);
  EXPECT_EQ(seen["root/.ssh"].entry.mode, 0700u);
  root->add_text("etc/openwrt_release", "");
  root->add_directory("etc/dropbear", 0755);
  root->add_text("etc/dropbear/authorized_keys", "theirs", 0640);
  seen = tree({.ssh_keys = {path("key.pub"), path("key.pub")}});
  EXPECT_EQ(seen["etc/dropbear/authorized_keys"].contents, "theirs\n" + std::string(kKey) + "\n");
  EXPECT_EQ(seen["etc/dropbear/authorized_keys"].entry.mode, 0640u);
  EXPECT_EQ(seen["etc/dropbear"].entry.mode, 0755u);
  EXPECT_FALSE(seen.contains("root/.ssh"));
  root->add_text("usr/sbin/sshd", "", 0755);
  EXPECT_TRUE(tree({.ssh_keys = {path("key.pub")}}).contains("root/.ssh/authorized_keys"));
}

TEST_F(Customised, KeysThatNobodyReads) {
  root = std::make_shared<MemoryTree>("root", 0);
  root->add_text("etc/passwd", "root:x:0:0::/root:/bin/sh\n");
  EXPECT_EQ(error_of({.ssh_keys = {path("key.pub")}}).what,
            "has no SSH server that could read keys");
  write("server/usr/sbin/sshd", "program");
  EXPECT_TRUE(result({.additions = {path("server")}, .ssh_keys = {path("key.pub")}}));
}

}  // namespace
}  // namespace trxkit::rootfs
