// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// ext4 images, judged by e2fsck, debugfs and dumpe2fs.
#include "lib/image/ext4.h"

#include <sys/stat.h>

#include "tests/unit/image/image_scratch.h"
#include "tests/unit/image/tree.h"

namespace trxkit::image {
namespace {

using archive::EntryType;
using test::root_tree;
using test::TestTree;

constexpr std::uint64_t kMiB = 1 << 20;

class Ext4 : public test::ImageScratch {
 public:
  Ext4() {
    options.label = "USBROOT";
    options.uuid = "01234567-89ab-cdef-0123-456789abcdef";
    options.size = 16 * kMiB;
  }

  Status build(const TestTree& tree, const std::string& name) {
    OutputFile output = TRY(OutputFile::create(path(name)));
    TRY(write_ext4(tree, output, options, env));
    return output.commit();
  }
  std::string tool(const std::string& command, int status = 0) const {
    return shell("PATH=$PATH:/usr/sbin:/sbin; export TZ=UTC; " + command, status);
  }
  std::string debugfs(const std::string& request, const std::string& image = "image") const {
    return tool("debugfs -R '" + request + "' " + image + " 2>/dev/null");
  }
  void expect_clean(const std::string& image = "image") const { tool("e2fsck -fn " + image); }

  Ext4Options options;
};

TEST_F(Ext4, HoldsTheTreeAsItIs) {
  ASSERT_TRUE(build(root_tree(), "image"));
  expect_clean();
  EXPECT_EQ(debugfs("cat /bin/busybox"), "a program\n");
  EXPECT_EQ(debugfs("cat /home/large"), test::pattern(5 * kMiB + 123));
  EXPECT_EQ(debugfs("cat /home/empty"), "");
  // inode mode uid gid name size
  std::string home = debugfs("ls -p /home");
  EXPECT_NE(home.find("/100640/70000/1001/note/6/"), std::string::npos) << home;
  EXPECT_NE(home.find("/100644/0/0/empty/0/"), std::string::npos) << home;
  std::string bin = debugfs("ls -p /bin");
  EXPECT_NE(bin.find("/104755/0/0/busybox/10/"), std::string::npos) << bin;
  EXPECT_NE(bin.find("/104755/0/0/ash/10/"), std::string::npos) << bin;
  EXPECT_NE(debugfs("ls -p /").find("/041777/0/0/home//"), std::string::npos);
}

TEST_F(Ext4, OlderGenerationsHoldTheSame) {
  struct Generation {
    ExtKind kind;
    const char* name;
    std::uint32_t journal;
  };
  for (Generation generation :
       {Generation{ExtKind::ext2, "ext2", 0}, Generation{ExtKind::ext3, "ext3", 1024}}) {
    options.kind = generation.kind;
    options.journal_blocks = generation.journal;
    options.size = 32 * kMiB;
    ASSERT_TRUE(build(root_tree(), "image"));
    expect_clean();
    EXPECT_EQ(tool("blkid -p -s TYPE -o value image"), std::string(generation.name) + "\n");
    EXPECT_TRUE(debugfs("cat /home/large") == test::pattern(5 * kMiB + 123));
    EXPECT_EQ(debugfs("cat /home/empty"), "");
    EXPECT_EQ(debugfs("cat /home/far"), "/" + std::string(80, 'x'));
    // Nothing of ext4: Linux' own ext2 and ext3 drivers refuse what they do not know.
    std::string features = tool("dumpe2fs -h image 2>/dev/null | grep '^Filesystem features'");
    for (const char* younger : {"extent", "flex_bg", "extra_isize", "dir_nlink", "uninit"}) {
      EXPECT_EQ(features.find(younger), std::string::npos) << features;
    }
    // A file of more than a block: one run, through indirect blocks.
    EXPECT_NE(debugfs("stat /home/large").find("(IND)"), std::string::npos);
  }
}

TEST_F(Ext4, OlderGenerationsAndTheirJournals) {
  options.kind = ExtKind::ext2;
  options.journal_blocks = 1024;
  EXPECT_EQ(build(root_tree(), "image").error().code, Code::usage);
  options.kind = ExtKind::ext3;
  options.journal_blocks = 0;
  EXPECT_EQ(build(root_tree(), "image").error().code, Code::usage);
  expect_nothing_left();
}

TEST_F(Ext4, KeepsLinksDevicesTimesAndAttributes) {
  ASSERT_TRUE(build(root_tree(), "image"));
  EXPECT_NE(debugfs("stat /bin/sh").find("Fast link dest: \"busybox\""), std::string::npos);
  EXPECT_EQ(debugfs("cat /home/far"), "/" + std::string(80, 'x'));
  EXPECT_NE(debugfs("stat /bin/ash").find("Links: 2"), std::string::npos);
  std::string console = debugfs("stat /dev/console");
  EXPECT_NE(console.find("Type: character special"), std::string::npos);
  EXPECT_NE(console.find("major/minor number: 05:01"), std::string::npos) << console;
  EXPECT_NE(debugfs("stat /dev/far").find("major/minor number: 259:70000"), std::string::npos);
  EXPECT_NE(debugfs("stat /dev/mtdblock9").find("Type: block special"), std::string::npos);
  EXPECT_NE(debugfs("stat /dev/initctl").find("Type: FIFO"), std::string::npos);
  std::string note = debugfs("stat /home/note");
  EXPECT_NE(note.find("mtime: 0x59682f00"), std::string::npos) << note;   // the entry's
  EXPECT_NE(note.find("crtime: 0x6553f100"), std::string::npos) << note;  // the build's
  EXPECT_NE(debugfs("ea_get /home/note user.comment").find("kept"), std::string::npos);
  std::string root = debugfs("stat /");
  EXPECT_NE(root.find("Mode:  0711"), std::string::npos) << root;
  EXPECT_NE(root.find("mtime: 0x5f5e1001"), std::string::npos) << root;
}

TEST_F(Ext4, OffersOnlyWhatOldKernelsRead) {
  options.journal_blocks = 1024;
  ASSERT_TRUE(build(root_tree(), "image"));
  expect_clean();
  std::string header = tool("dumpe2fs -h image 2>/dev/null");
  EXPECT_NE(header.find("Filesystem features:      has_journal ext_attr "
                        "resize_inode dir_index "
                        "filetype extent flex_bg sparse_super large_file "
                        "dir_nlink extra_isize\n"),
            std::string::npos)
      << header;
  EXPECT_NE(header.find("Filesystem volume name:   USBROOT\n"), std::string::npos);
  EXPECT_NE(header.find("Block size:               4096\n"), std::string::npos);
  EXPECT_NE(header.find("Reserved block count:     0\n"), std::string::npos);
  EXPECT_NE(header.find("Directory Hash Seed:      " + options.uuid), std::string::npos);
  for (const char* time : {"Filesystem created:", "Last write time:", "Last checked:"}) {
    EXPECT_NE(header.find(std::string(time)), std::string::npos);
  }
  // Every time is the epoch's (1700000000); "n/a" stands for never mounted.
  EXPECT_EQ(tool("dumpe2fs -h image 2>/dev/null | grep -c 'Tue Nov 14 22:13:20 2023'"), "3\n");
}

TEST_F(Ext4, LiesAtItsOffsetAndLeavesTheRestAlone) {
  options.offset = 3 * kMiB;
  {
    OutputFile output = *OutputFile::create(path("disk"));
    ASSERT_TRUE(output.write(as_bytes(test::pattern(3 * kMiB))));
    ASSERT_TRUE(output.resize(24 * kMiB));
    ASSERT_TRUE(write_ext4(root_tree(), output, options, env));
    ASSERT_TRUE(output.commit());
  }
  EXPECT_EQ(std::filesystem::file_size(path("disk")), 24 * kMiB);
  EXPECT_EQ(read("disk").substr(0, 3 * kMiB), test::pattern(3 * kMiB));
  options.offset = 0;
  ASSERT_TRUE(build(root_tree(), "image"));
  tool("dd if=disk of=part bs=1M skip=3 count=16 status=none; cmp part image");
  tool("dd if=disk bs=1M skip=19 status=none | cmp -n 5242880 - /dev/zero");
}

TEST_F(Ext4, IsTheSameWhateverTheSurroundings) {
  ASSERT_TRUE(build(root_tree(), "image"));
  mode_t mask = umask(077);
  setenv("TZ", "America/New_York", 1);
  setenv("E2FSPROGS_FAKE_TIME", "1234567890", 1);
  std::filesystem::path previous = std::filesystem::current_path();
  std::filesystem::current_path("/");
  std::filesystem::create_directory(folder / "elsewhere");
  Status again = build(root_tree(), "elsewhere/copy");
  std::filesystem::current_path(previous);
  unsetenv("TZ");
  unsetenv("E2FSPROGS_FAKE_TIME");
  umask(mask);
  ASSERT_TRUE(again);
  tool("cmp image elsewhere/copy");
}

TEST_F(Ext4, AnEpochOfZeroIsNotTheClock) {
  env.source_date_epoch = 0;
  ASSERT_TRUE(build(root_tree(), "image"));
  expect_clean();
  std::string header = tool("dumpe2fs -h image 2>/dev/null");
  EXPECT_NE(header.find("Filesystem created:       Thu Jan  1 00:00:01 1970"), std::string::npos)
      << header;
}

TEST_F(Ext4, FillsLostAndFoundLikeAnyDirectory) {
  TestTree tree;
  tree.directory("");
  tree.directory("lost+found", 0700);
  tree.text("lost+found/#12", "x");
  ASSERT_TRUE(build(tree, "image"));
  expect_clean();
  EXPECT_EQ(debugfs("cat /lost+found/#12"), "x");
}

TEST_F(Ext4, GrowsLargeDirectories) {
  TestTree tree;
  tree.directory("");
  tree.directory("many");
  for (int i = 0; i < 3000; ++i) {
    tree.text("many/" + std::string(100, 'n') + std::to_string(i), "x");
  }
  options.size = ext4_size_for(3000, 3002, 0);
  ASSERT_TRUE(build(tree, "image"));
  expect_clean();
  std::string list = debugfs("ls -p /many");
  EXPECT_EQ(std::ranges::count(list, '\n'), 3003) << list;  // with . and .., and an empty line
}

TEST_F(Ext4, GrowsDirectoriesInTurnAndInEveryGeneration) {
  TestTree tree;
  tree.directory("");
  for (const char* parent : {"a", "b", "a/c"}) tree.directory(parent);
  for (int i = 0; i < 3000; ++i) {
    for (const char* parent : {"a/", "b/", "a/c/", ""}) {
      tree.text(parent + std::string(static_cast<std::size_t>(i) % 250, 'n') + std::to_string(i),
                i % 3 == 0 ? "x" : "");
    }
  }
  options.size = 96 * kMiB;
  for (ExtKind kind : {ExtKind::ext2, ExtKind::ext3, ExtKind::ext4}) {
    options.kind = kind;
    options.journal_blocks = kind == ExtKind::ext2 ? 0 : 1024;
    ASSERT_TRUE(build(tree, "image"));
    expect_clean();
    for (const char* parent : {"/a/c", "/b"}) {
      std::string list = debugfs(std::string("ls -p ") + parent);
      EXPECT_EQ(std::ranges::count(list, '\n'), 3003) << parent;  // with . and .., an empty line
      EXPECT_TRUE(list.contains("/" + std::string(249, 'n') + "2999/")) << parent;
    }
  }
}

TEST_F(Ext4, LinksNamesOfEveryKind) {
  TestTree tree;
  tree.directory("");
  tree.link("symlink", EntryType::symlink, "target");
  tree.link("second", EntryType::hard_link, "symlink");
  tree.device("console", EntryType::character_device, 5, 1);
  tree.link("third", EntryType::hard_link, "console");
  ASSERT_TRUE(build(tree, "image"));
  expect_clean();
  EXPECT_TRUE(debugfs("stat /second").contains("Fast link dest: \"target\""));
  EXPECT_TRUE(debugfs("stat /third").contains("Links: 2"));
}

TEST_F(Ext4, KeepsTimesBeyond2038) {
  TestTree tree;
  tree.directory("");
  tree.text("later", "x").mtime = 4294967296 + 5;
  tree.text("earlier", "x").mtime = -5;
  ASSERT_TRUE(build(tree, "image"));
  expect_clean();
  EXPECT_NE(debugfs("stat /later").find("mtime: 0x00000005:00000001"), std::string::npos)
      << debugfs("stat /later");
  EXPECT_NE(debugfs("stat /earlier").find("mtime: 0xfffffffb:00000000"), std::string::npos)
      << debugfs("stat /earlier");
}

TEST_F(Ext4, SizeForIsEnough) {
  for (std::uint64_t files : {0u, 1u, 50u, 2000u}) {
    for (std::uint64_t size : {1u, 4096u, 4097u, 20000u}) {
      TestTree tree;
      tree.directory("");
      for (std::uint64_t i = 0; i < files; ++i) tree.large("f" + std::to_string(i), size);
      options.size = ext4_size_for(files * size, files + 1, 0);
      auto status = build(tree, "image");
      ASSERT_TRUE(status) << files << " files of " << size << ": " << status.error().what;
    }
  }
}

TEST_F(Ext4, SaysHowMuchIsMissing) {
  TestTree tree;
  tree.directory("");
  tree.large("a", 10 * kMiB);
  tree.large("b", 10 * kMiB);
  auto status = build(tree, "image");
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, Code::does_not_fit);
  EXPECT_EQ(status.error().where.file, "test-tree");
  EXPECT_NE(status.error().what.find("are missing"), std::string::npos) << status.error().what;
  expect_nothing_left();
}

TEST_F(Ext4, NoticesAFullFileSystemOnTheWay) {
  // Names alone: the least need fits, the blocks of the grown directory do not.
  TestTree tree;
  tree.directory("");
  options.size = kMiB;
  for (int i = 0; i < 800; ++i) tree.text(std::string(250, 'n') + std::to_string(i), "");
  tree.large("rest", 650 * 1024);
  auto status = build(tree, "image");
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, Code::does_not_fit) << status.error().what;
  expect_nothing_left();
}

TEST_F(Ext4, RefusesReadersThatDoNotKeepTheirWord) {
  for (std::int64_t lie : {-1, 1, -5000000, 5000}) {
    TestTree tree = root_tree();
    tree.liar = "home/large";
    tree.lie = lie;
    auto status = build(tree, "image");
    ASSERT_FALSE(status) << lie;
    EXPECT_EQ(status.error().code, Code::bad_input);
    expect_nothing_left();
  }
}

TEST_F(Ext4, RefusesWhatItCannotHold) {
  auto code_of = [&](auto&& change) {
    TestTree tree;
    tree.directory("");
    change(tree);
    auto status = build(tree, "image");
    expect_nothing_left();
    EXPECT_FALSE(status);
    return status ? Code::usage : status.error().code;
  };
  EXPECT_EQ(code_of([](TestTree& tree) { tree.text("no/parent", "x"); }), Code::bad_input);
  EXPECT_EQ(code_of([](TestTree& tree) { tree.link("h", EntryType::hard_link, "none"); }),
            Code::bad_input);
  EXPECT_EQ(code_of([](TestTree& tree) {
              tree.directory("d");
              tree.link("h", EntryType::hard_link, "d");
            }),
            Code::bad_input);
  EXPECT_EQ(code_of([](TestTree& tree) { tree.text(std::string(256, 'n'), "x"); }),
            Code::bad_input);
  EXPECT_EQ(
      code_of([](TestTree& tree) { tree.link("s", EntryType::symlink, std::string(4096, 'x')); }),
      Code::bad_input);
  EXPECT_EQ(code_of([](TestTree& tree) { tree.text("lost+found", "x"); }), Code::bad_input);
  EXPECT_EQ(code_of([](TestTree& tree) { tree.device("d", EntryType::character_device, 4096, 0); }),
            Code::bad_input);
  EXPECT_EQ(code_of([](TestTree& tree) {
              tree.text("x", "x").attributes = {{"user.big", std::string(5000, 'x')}};
            }),
            Code::bad_input);
  EXPECT_EQ(code_of([](TestTree& tree) { tree.add("x", EntryType::file).size = 1ULL << 50; }),
            Code::does_not_fit);
}

TEST_F(Ext4, RefusesOptionsThatMakeNoSense) {
  auto code_of = [&](Ext4Options wrong) {
    options = std::move(wrong);
    auto status = build(root_tree(), "image");
    expect_nothing_left();
    return status ? Code::io : status.error().code;
  };
  Ext4Options good = options;
  Ext4Options wrong = good;
  wrong.label = std::string(17, 'L');
  EXPECT_EQ(code_of(wrong), Code::usage);
  wrong = good;
  wrong.size += 512;
  EXPECT_EQ(code_of(wrong), Code::usage);
  wrong = good;
  wrong.journal_blocks = 100;
  EXPECT_EQ(code_of(wrong), Code::usage);
  wrong = good;
  wrong.uuid = "not a uuid";
  EXPECT_EQ(code_of(wrong), Code::external_tool);
  wrong = good;
  wrong.offset = ~0ULL;
  EXPECT_EQ(code_of(wrong), Code::usage);
}

}  // namespace
}  // namespace trxkit::image
