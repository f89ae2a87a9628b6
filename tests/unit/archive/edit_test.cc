// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/archive/edit.h"

#include "lib/archive/memory.h"
#include "lib/archive/merge.h"

#include "tests/unit/rootfs/fixtures.h"

namespace trxkit::archive {
namespace {

std::shared_ptr<MemoryTree> small_tree() {
  auto tree = std::make_shared<MemoryTree>("tree", 0);
  tree->add_directory("bin");
  tree->add_text("bin/tool", "tool");
  tree->add_symlink("bin/short", "tool");
  tree->add_symlink("bin/long", "/bin/tool");
  Entry& link = tree->add_text("bin/same", "");
  link.type = EntryType::hard_link;
  link.link_target = "bin/tool";
  tree->add_directory("share");
  tree->add_text("share/a", "a");
  tree->add_text("shared", "b");
  return tree;
}

TEST(Edit, LeavesOutFoldersWithAllBelow) {
  auto edited = edit(small_tree(), {.dropped = {"share", "bin/short"}});
  auto seen = test::read_tree(*edited);
  EXPECT_FALSE(seen.contains("share"));
  EXPECT_FALSE(seen.contains("share/a"));
  EXPECT_FALSE(seen.contains("bin/short"));
  EXPECT_EQ(seen["shared"].contents, "b");
  EXPECT_EQ(seen.size(), 5U);
}

TEST(Edit, RenamesFilesWithTheirHardLinks) {
  auto seen = test::read_tree(*edit(small_tree(), {.renamed = {{"bin/tool", "kept/tool"}}}));
  EXPECT_FALSE(seen.contains("bin/tool"));
  EXPECT_EQ(seen["kept/tool"].contents, "tool");
  EXPECT_EQ(seen["bin/same"].entry.link_target, "kept/tool");
}

TEST(Edit, RenamedSymlinksLeadWhereTheyLed) {
  auto seen = test::read_tree(
      *edit(small_tree(), {.renamed = {{"bin/short", "kept/short"}, {"bin/long", "kept/long"}}}));
  EXPECT_EQ(seen["kept/short"].entry.link_target, "/bin/tool");
  EXPECT_EQ(seen["kept/long"].entry.link_target, "/bin/tool");
}

TEST(Edit, HardLinkToWhatWasLeftOutIsAnError) {
  Findings findings;
  auto merged = merge({edit(small_tree(), {.dropped = {"bin/tool"}})}, {}, findings);
  ASSERT_FALSE(merged);
  EXPECT_EQ(merged.error().code, Code::bad_input);
}

}  // namespace
}  // namespace trxkit::archive
