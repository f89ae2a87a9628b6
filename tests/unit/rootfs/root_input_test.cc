// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// One root in every form that a user may have it in.
#include "lib/rootfs/root_input.h"

#include <gtest/gtest.h>

#include "tests/unit/rootfs/fixtures.h"
#include "tests/unit/trx_fixture.h"

namespace trxkit::rootfs {
namespace {

class RootInput : public test::Scratch {
 public:
  RootInput() {
    write("make.sh", R"(set -e
PATH=$PATH:/usr/sbin:/sbin
mkdir -p root/etc root/dev; printf preinit >root/etc/preinit; chmod 4755 root/etc/preinit
ln root/etc/preinit root/etc/same; ln -s preinit root/etc/link; mknod root/dev/console c 5 1
chown 1000:1001 root/etc/preinit; find root -exec touch -hd @1500000000 {} +
tar --numeric-owner --sort=name --format=pax -C root -cf t.tar .; gzip -k t.tar; xz -k t.tar
tar2sqfs -q t.squashfs <t.tar; mke2fs -q -t ext4 -d root t.ext4 4M
# which leaves the time of the root out
debugfs -w -R "sif <2> mtime @1500000000" t.ext4 2>/dev/null
(cd root && find . | LC_ALL=C sort | cpio -o -H newc --quiet) >t.cpio
)");
    shell("fakeroot sh make.sh");
    std::string squashfs = read("t.squashfs");
    std::size_t length = 0x1000 + squashfs.size();
    write("t.trx",
          test::trx_image(0x30524448, 1, {{0x1c, "kernel"}, {0x1000, squashfs}}, length).bytes);
  }
  /// "PATH TYPE MODE UID:GID MTIME LINK MAJOR:MINOR CONTENTS" a line.
  std::string text_of(const std::string& file) {
    auto root = open_root(path(file), {}, env);
    if (!root) return "error: " + root.error().what;
    std::string text;
    for (const auto& [path, seen] : test::read_tree(**root)) {
      const archive::Entry& entry = seen.entry;
      text += fmt::format("{} {} {:o} {}:{} {} {} {}:{} {}\n", path, static_cast<int>(entry.type),
                          entry.mode, entry.uid, entry.gid, entry.mtime, entry.link_target,
                          entry.device_major, entry.device_minor, seen.contents);
    }
    return text;
  }
};

TEST_F(RootInput, IsTheSameInEveryForm) {
  std::string expected = text_of("t.tar");
  ASSERT_TRUE(expected.contains("etc/preinit 0 4755 1000:1001 1500000000  0:0 preinit\n"))
      << expected;
  for (const char* form : {"t.tar.gz", "t.tar.xz", "t.squashfs", "t.ext4", "t.cpio", "t.trx"}) {
    EXPECT_EQ(text_of(form), expected) << form;
  }
}

TEST_F(RootInput, IsRecognisedByItsContents) {
  std::string expected = text_of("t.tar");
  for (const char* form : {"t.squashfs", "t.ext4", "t.trx"}) {
    shell(fmt::format("cp {} misleading.tar.gz", form));
    EXPECT_EQ(text_of("misleading.tar.gz"), expected) << form;
  }
}

TEST_F(RootInput, ImagesThatAreNoRoots) {
  auto image = test::trx_image(0x30524448, 1, {{0x1c, "kernel"}}, 0x1000);
  write("kernel.trx", image.bytes);
  EXPECT_EQ(text_of("kernel.trx"), "error: is an image without a squashfs");
  std::string damaged = read("t.trx");
  damaged[0x1100] = static_cast<char>(~damaged[0x1100]);
  write("damaged.trx", damaged);
  auto root = open_root(path("damaged.trx"), {}, env);
  ASSERT_FALSE(root);
  EXPECT_EQ(root.error().finding, "TRX005");
  EXPECT_EQ(open_root(path("absent"), {}, env).error().code, Code::io);
  EXPECT_TRUE(text_of("make.sh").contains("is no tar, cpio, ipk, squashfs or ext4"));
}

TEST_F(RootInput, LeavesNoCopiesBehind) {
  std::string before = shell("ls -A");
  text_of("t.trx");
  EXPECT_EQ(shell("ls -A"), before);
}

}  // namespace
}  // namespace trxkit::rootfs
