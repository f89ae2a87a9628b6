// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// ext images as sources: made by mke2fs and debugfs, compared with what GNU tar packs from the same
// tree.
#include <gtest/gtest.h>

#include "tests/unit/archive/tree_text.h"

namespace trxkit::archive {
namespace {

class ExtImages : public ArchiveTest {
 public:
  /// A tree with one of everything, as `image` (formatted with `options`) and as t.tar, both made
  /// in one session of fakeroot.
  void make(const std::string& options) const {
    write("make.sh", R"sh(set -e
PATH=$PATH:/usr/sbin:/sbin
rm -rf tree image t.tar; mkdir -p tree/bin tree/dev tree/home/user
printf 'a program\n' >tree/bin/busybox; chmod 4755 tree/bin/busybox; ln tree/bin/busybox tree/bin/ash
ln -s busybox tree/bin/sh
ln -s "/$(printf '%080d' 0)" tree/bin/far
mknod tree/dev/console c 5 1; mknod tree/dev/far b 259 70000; mkfifo -m 600 tree/dev/initctl
seq 40000 >tree/home/large
: >tree/home/empty; printf 'x' >tree/home/user/small
truncate -s 300000 tree/home/sparse; printf end >>tree/home/sparse
chown -h 70000:1001 tree/home/user tree/home/user/small tree/bin/far
find tree -exec touch -hd @1500000000 {} +
tar --numeric-owner --sort=name --format=pax -C tree -cf t.tar .
mke2fs -q -d tree )sh" + options +
                         " image 16M\n");
    shell("fakeroot sh make.sh");
  }
  void debugfs(const std::string& request) const {
    shell("PATH=$PATH:/usr/sbin:/sbin debugfs -w -R '" + request + "' image");
  }
  std::string error_of_image() const { return text_of_file("image"); }
};

TEST_F(ExtImages, AreWhatTarPacks) {
  for (const char* options :
       {"-t ext2 -b 1024", "-t ext3 -b 4096", "-t ext4 -b 1024 -I 128", "-t ext4",
        "-t ext4 -O inline_data,metadata_csum,64bit", "-t ext4 -O ^extent,^64bit -b 2048"}) {
    make(options);
    std::string expected = text_of_file("t.tar");
    ASSERT_TRUE(expected.contains("block device dev/far 644 0:0 259:70000")) << expected;
    ASSERT_TRUE(expected.contains("hard link bin/busybox 4755 0:0 -> bin/ash")) << expected;
    write("seen", text_of_file("image"));
    write("expected", expected);
    shell("diff -a expected seen | cut -c1-200 | head -n 20; cmp expected seen");
  }
}

TEST_F(ExtImages, KeepContentsAndTimes) {
  make("-t ext4");
  auto image = open_source(path("image"), env);
  ASSERT_TRUE(image) << image.error().what;
  shell("seq 40000 > large");
  EXPECT_TRUE(read_file(**image, "home/large", 2 << 20)->contents == read("large"));
  EXPECT_EQ(read_file(**image, "home/sparse", 2 << 20)->contents,
            std::string(300000, '\0') + "end");
  EXPECT_EQ((*find_entry(**image, "home/user"))->mtime, 1500000000);
  debugfs("sif /home/large mtime_extra 1");
  EXPECT_EQ((*find_entry(**image, "home/large"))->mtime, 1500000000 + (std::int64_t{1} << 32));
}

TEST_F(ExtImages, KeepExtendedAttributes) {
  make("-t ext4");
  debugfs("ea_set /home/large user.comment kept");
  debugfs("ea_set /home/large security.capability 0123");
  std::string text = text_of_file("image");
  EXPECT_TRUE(text.contains(" security.capability=0123 user.comment=kept\n")) << text;
}

TEST_F(ExtImages, LostAndFoundIsTheFileSystems) {
  make("-t ext4");
  EXPECT_FALSE(text_of_file("image").contains("lost+found"));
  write("found", "x");
  debugfs("write found lost+found/#12");
  EXPECT_TRUE(text_of_file("image").contains("file lost+found/#12"));
}

TEST_F(ExtImages, OfAnyCompression) {
  make("-t ext4");
  std::string expected = text_of_file("image");
  for (const char* compressor : {"gzip", "xz -0", "zstd -q"}) {
    shell(std::string(compressor) + " < image > image.z");
    EXPECT_EQ(text_of_file("image.z"), expected) << compressor;
  }
  shell("rm -f image.z && mksquashfs tree t.squashfs -quiet -noappend && gzip t.squashfs");
  EXPECT_TRUE(text_of_file("t.squashfs.gz").contains("file home/user/small"));
  shell("test -z \"$(find . -name '*spooled*')\"");
}

TEST_F(ExtImages, ThatCannotBeReliedOnAreRefused) {
  make("-t ext4");
  const std::string whole = read("image");
  write("image", whole.substr(0, whole.size() - 4096));
  EXPECT_TRUE(error_of_image().contains("cut short: it has")) << error_of_image();
  write("image", whole);
  debugfs("feature needs_recovery");
  EXPECT_TRUE(error_of_image().contains("was not unmounted")) << error_of_image();
  write("image", whole);
  debugfs("ssv state 0");
  EXPECT_TRUE(error_of_image().contains("was not unmounted")) << error_of_image();
  write("image", whole);
  debugfs("ssv state 3");
  EXPECT_TRUE(error_of_image().contains("marked as damaged")) << error_of_image();
  write("image", whole);
  debugfs("ssv feature_incompat 0xffff");
  EXPECT_TRUE(error_of_image().contains("not one that this e2fsprogs knows")) << error_of_image();
}

TEST_F(ExtImages, DirectoriesInACircle) {
  make("-t ext4");
  debugfs("link /home /home/user/again");
  EXPECT_TRUE(error_of_image().contains("a directory has two names ('home/user/again')"))
      << error_of_image();
}

TEST_F(ExtImages, NamesThatNoTreeCanHave) {
  make("-t ext4 -O ^metadata_csum");
  std::string whole = read("image");
  whole.replace(whole.find("small"), 5, "a/../");
  write("image", whole);
  EXPECT_TRUE(error_of_image().contains("has a '/' or NUL in it")) << error_of_image();
}

TEST_F(ExtImages, OneNameForTwoFiles) {
  make("-t ext4 -O ^metadata_csum");
  debugfs("write t.tar /home/user/smalm");
  std::string whole = read("image");
  whole.replace(whole.find("smalm"), 5, "small");
  write("image", whole);
  EXPECT_TRUE(error_of_image().contains("a directory holds the same name twice"))
      << error_of_image();
}

TEST_F(ExtImages, SocketsAndEncryptedFiles) {
  make("-t ext4");
  debugfs("sif /dev/initctl mode 0140600");
  EXPECT_TRUE(error_of_image().contains("is a socket, which no image can hold ('dev/initctl')"))
      << error_of_image();
  debugfs("sif /dev/initctl mode 010600");
  debugfs("sif /home/large flags 0x80800");
  EXPECT_TRUE(error_of_image().contains("holds encrypted files")) << error_of_image();
}

// Whatever is wrong with it: an error or a tree, never more.
TEST_F(ExtImages, DamagedOnes) {
  make("-t ext4 -b 1024 -O ^metadata_csum");
  const std::string whole = read("image");
  std::size_t errors = 0;
  for (std::size_t place = 1024; place < 4 << 10; place += 67) {
    std::string damaged = whole;
    for (std::size_t i = 0; i < 4; ++i) damaged[place + i] = static_cast<char>(~damaged[place + i]);
    write("image", damaged);
    if (text_of_file("image").contains("error: ")) ++errors;
  }
  EXPECT_GT(errors, 0u);
}

}  // namespace
}  // namespace trxkit::archive
