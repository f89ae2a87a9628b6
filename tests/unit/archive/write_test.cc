// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What we write, judged by GNU tar, bsdtar, python's tarfile, cpio and tar2sqfs.
#include "lib/archive/write.h"

#include <gtest/gtest.h>

#include "lib/archive/memory.h"

#include "tests/unit/archive/tree_text.h"

namespace trxkit::archive {
namespace {

class Writers : public ArchiveTest {
 public:
  Writers() {
    tree.add_directory("");
    tree.add_directory("dev");
    tree.add_device("dev/console", EntryType::character_device, 5, 1, 0600);
    tree.add_device("dev/sda", EntryType::block_device, 8, 0, 0660).gid = 6;
    tree.add_directory("etc");
    tree.add_text("etc/file", "contents\n", 04755).uid = 1000;
    Entry& link = tree.add_symlink("etc/second", "");
    link.type = EntryType::hard_link;
    link.link_target = "etc/file";
    link.mode = 04755;
    link.uid = 1000;
    tree.add_text("etc/empty", "");
    tree.add_symlink("etc/symlink", "/somewhere/else");
  }

  MemoryTree tree{"tree", 1700000000};
};

TEST_F(Writers, TarIsReadByGnuTar) {
  ASSERT_TRUE(save(tree, "t.tar", tar_writer));
  EXPECT_EQ(shell("TZ=UTC tar --numeric-owner -tvf t.tar"),
            "drwxr-xr-x 0/0               0 2023-11-14 22:13 ./\n"
            "drwxr-xr-x 0/0               0 2023-11-14 22:13 dev/\n"
            "crw------- 0/0             5,1 2023-11-14 22:13 dev/console\n"
            "brw-rw---- 0/6             8,0 2023-11-14 22:13 dev/sda\n"
            "drwxr-xr-x 0/0               0 2023-11-14 22:13 etc/\n"
            "-rwsr-xr-x 1000/0            9 2023-11-14 22:13 etc/file\n"
            "hrwsr-xr-x 1000/0            0 2023-11-14 22:13 etc/second link to etc/file\n"
            "-rw-r--r-- 0/0               0 2023-11-14 22:13 etc/empty\n"
            "lrwxrwxrwx 0/0               0 2023-11-14 22:13 etc/symlink -> /somewhere/else\n");
  EXPECT_EQ(shell("tar -xOf t.tar etc/file"), "contents\n");
}

TEST_F(Writers, TarIsReadBackByOurselves) {
  ASSERT_TRUE(save(tree, "t.tar", tar_writer));
  EXPECT_EQ(text_of_file("t.tar"), text_of(tree));
}

// Everything that does not fit into a plain header.
TEST_F(Writers, TarExtensionsAreReadByOthers) {
  std::string longest = std::string(120, 'd') + "/" + std::string(255, 'n');
  tree.add_directory(std::string(120, 'd'));
  Entry& entry = tree.add_text(longest, "x");
  entry.uid = 4000000000;
  entry.mtime = -5;
  entry.attributes = {{"user.note", std::string("a\0b\n", 4)}};
  tree.add_text("old", "").mtime = 99999999999;
  tree.add_symlink("far", std::string(3000, 't'));
  ASSERT_TRUE(save(tree, "t.tar", tar_writer));
  EXPECT_EQ(text_of_file("t.tar"), text_of(tree));
  std::string list = shell("tar --numeric-owner --xattrs-include='*' --xattrs -tvvf t.tar");
  EXPECT_NE(list.find("4000000000/0"), std::string::npos) << list;
  EXPECT_NE(list.find(" " + longest), std::string::npos);
  EXPECT_NE(list.find("4 user.note"), std::string::npos);
  EXPECT_EQ(shell("bsdtar -tf t.tar | tail -3"), longest + "\nold\nfar\n");
  EXPECT_EQ(shell(R"(python3 -c '
import tarfile
m = tarfile.open("t.tar").getmembers()
print(m[-3].uid, int(m[-3].mtime), int(m[-2].mtime), len(m[-1].linkname), repr(m[-3].pax_headers["SCHILY.xattr.user.note"]))')"),
            "4000000000 -5 99999999999 3000 'a\\x00b\\n'\n");
}

TEST_F(Writers, NamesReachTheTarByteForByte) {
  for (std::string name : {"new\nline", "latin\xe9",
                           "de\xcc\x81"
                           "composed",
                           "\xff\xfe", "tab\t "}) {
    tree.add_text(name, "");
    tree.add_text(name + std::string(120, '\xe9'), "");
  }
  tree.add_symlink("link", std::string(120, '\xe9'));
  ASSERT_TRUE(save(tree, "t.tar", tar_writer));
  EXPECT_EQ(text_of_file("t.tar"), text_of(tree));
  shell("mkdir x && tar -C x -xf t.tar");
  EXPECT_TRUE(exists("x/latin\xe9"));
  EXPECT_TRUE(
      exists("x/de\xcc\x81"
             "composed" +
             std::string(120, '\xe9')));
}

TEST_F(Writers, Tar2sqfsTakesTheTar) {
  tree.add_text("etc/capable", "x").attributes = {{"user.a", "1"}};
  ASSERT_TRUE(save(tree, "t.tar", tar_writer));
  shell("tar2sqfs -q -f -d uid=9 t.squashfs < t.tar");
  std::string list = shell("unsquashfs -d '' -lln t.squashfs");
  EXPECT_NE(list.find("crw------- 0/0                   5,  1 2023-11-14"), std::string::npos)
      << list;
  EXPECT_NE(list.find("-rwsr-xr-x 1000/0                    9"), std::string::npos);
}

TEST_F(Writers, CpioIsReadByCpio) {
  ASSERT_TRUE(save(tree, "t.cpio", cpio_writer));
  EXPECT_EQ(std::filesystem::file_size(path("t.cpio")) % 4, 0u);
  EXPECT_EQ(shell("TZ=UTC cpio --quiet --numeric-uid-gid -itv < t.cpio"),
            "drwxr-xr-x   2 0        0               0 Nov 14  2023 .\n"
            "drwxr-xr-x   2 0        0               0 Nov 14  2023 dev\n"
            "crw-------   1 0        0          5,   1 Nov 14  2023 dev/console\n"
            "brw-rw----   1 0        6          8,   0 Nov 14  2023 dev/sda\n"
            "drwxr-xr-x   2 0        0               0 Nov 14  2023 etc\n"
            "-rwsr-xr-x   2 1000     0               9 Nov 14  2023 etc/file\n"
            "-rwsr-xr-x   2 1000     0               0 Nov 14  2023 etc/second\n"
            "-rw-r--r--   2 0        0               0 Nov 14  2023 etc/empty\n"
            "lrwxrwxrwx   1 0        0              15 Nov 14  2023 etc/symlink -> "
            "/somewhere/else\n");
  shell("mkdir x && cd x && cpio --quiet --no-preserve-owner -id 'etc/*' < ../t.cpio");
  EXPECT_EQ(read("x/etc/second"), "contents\n");
  EXPECT_EQ(shell("cd x && stat -c '%n %h %s' etc/*"),
            "etc/empty 1 0\netc/file 2 9\netc/second 2 9\netc/symlink 1 15\n");
}

TEST_F(Writers, CpioRefusesWhatItCannotHold) {
  auto archive = cpio_writer([](Bytes) { return Status(); });
  auto reader = tree.open();
  Entry huge{.path = "huge", .size = 1ULL << 32};
  EXPECT_EQ(archive->add(huge, **reader).error().code, Code::does_not_fit);
  EXPECT_FALSE(archive->add({.path = "TRAILER!!!"}, **reader));
  EXPECT_FALSE(archive->add({.path = "l", .type = EntryType::hard_link, .link_target = "nothing"},
                            **reader));
}

TEST_F(Writers, ContentsHaveExactlyTheirSize) {
  MemoryTree one("one", 0);
  one.add_text("file", "12345");
  for (auto make : {tar_writer, cpio_writer}) {
    for (std::uint64_t size : {4u, 6u}) {
      auto archive = make([](Bytes) { return Status(); });
      auto reader = one.open();
      Entry entry = **(*reader)->next();
      entry.size = size;
      EXPECT_EQ(archive->add(entry, **reader).error().code, Code::bad_input) << size;
    }
  }
}

TEST_F(Writers, AFailingSinkStops) {
  for (auto make : {tar_writer, cpio_writer}) {
    std::size_t room = 3000;
    auto archive = make([&](Bytes bytes) -> Status {
      if (bytes.size() > room) return fail(Code::io, "full");
      room -= bytes.size();
      return {};
    });
    tree.add_text("big", std::string(3000, 'x'));
    EXPECT_EQ(copy_entries(tree, *archive).error().what, "full");
  }
}

}  // namespace
}  // namespace trxkit::archive
