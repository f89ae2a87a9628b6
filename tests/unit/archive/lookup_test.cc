// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include <gtest/gtest.h>

#include "lib/archive/memory.h"

#include "tests/unit/archive/tree_text.h"

namespace trxkit::archive {
namespace {

class Lookup : public ::testing::Test {
 public:
  std::string contents(const std::string& path, std::uint64_t limit = 1000) {
    auto file = read_file(tree, path, limit);
    return file ? file->entry.path + ": " + file->contents : "error: " + file.error().what;
  }

  MemoryTree tree{"tree", 0};
};

TEST_F(Lookup, FollowsLinksInsideTheTree) {
  tree.add_directory("usr/lib");
  tree.add_text("usr/lib/file", "text");
  tree.add_symlink("lib", "usr/lib");
  tree.add_symlink("etc/absolute", "/lib/file");
  tree.add_symlink("etc/relative", "../lib/./file");
  tree.add_symlink("chain", "etc/../etc/absolute");
  tree.add_symlink("here", "lib");
  tree.add_symlink("etc/through", "../here/../lib/file");
  tree.add_directory("etc");
  for (std::string path : {"usr/lib/file", "/usr/lib/file", "lib/file", "etc/absolute",
                           "etc/relative", "chain", "lib/../lib/file"}) {
    EXPECT_EQ(contents(path), "usr/lib/file: text") << path;
  }
  // "here" is usr/lib, so "here/.." is usr.
  EXPECT_EQ(contents("etc/through"), "usr/lib/file: text");
}

TEST_F(Lookup, NeverLeavesTheTree) {
  tree.add_symlink("out", "../../etc/passwd");
  tree.add_symlink("loop", "loop");
  tree.add_symlink("a", "b");
  tree.add_symlink("b", "a");
  tree.add_symlink("dangling", "nothing");
  tree.add_directory("directory");
  EXPECT_EQ(contents("out"), "error: 'out' leads out of the tree");
  EXPECT_EQ(contents("loop"), "error: 'loop' leads through too many symlinks");
  EXPECT_EQ(contents("a"), "error: 'a' leads through too many symlinks");
  EXPECT_EQ(contents("dangling"), "error: 'dangling' (a link to 'nothing') does not exist");
  EXPECT_EQ(contents("directory"), "error: 'directory' is a directory, not a file");
  EXPECT_EQ(contents(""), "error: './' is the root directory, not a file");
  EXPECT_EQ(contents("absent"), "error: 'absent' does not exist");
}

TEST_F(Lookup, HardLinksAreTheFile) {
  tree.add_text("file", "text");
  Entry& link = tree.add_symlink("second", "file");
  link.type = EntryType::hard_link;
  EXPECT_EQ(contents("second"), "file: text");
}

TEST_F(Lookup, LongFilesAreRefused) {
  tree.add_text("file", "12345");
  EXPECT_EQ(contents("file", 5), "file: 12345");
  EXPECT_EQ(contents("file", 4), "error: 'file' is 5 bytes long; at most 4 are expected");
}

TEST_F(Lookup, TheLastOfRepeatedPathsCounts) {
  tree.add_text("file", "first");
  tree.add_text("file", "last");
  EXPECT_EQ(contents("file"), "file: last");
  EXPECT_EQ((*find_entry(tree, "file"))->size, 4u);
  EXPECT_FALSE(find_entry(tree, "other")->has_value());
}

TEST_F(Lookup, SummaryCountsPathsAndBytes) {
  tree.add_directory("");
  tree.add_text("a", "123");
  tree.add_text("b", "4567");
  auto summary = summarise(tree);
  EXPECT_EQ(summary->paths, 3u);
  EXPECT_EQ(summary->content_bytes, 7u);
}

}  // namespace
}  // namespace trxkit::archive
