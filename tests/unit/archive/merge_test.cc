// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/archive/merge.h"

#include <gtest/gtest.h>

#include "lib/archive/memory.h"

#include "tests/unit/archive/tree_text.h"

namespace trxkit::archive {
namespace {

Entry& add_hard_link(MemoryTree& tree, const std::string& path, const std::string& target) {
  Entry& link = tree.add_symlink(path, target);
  link.type = EntryType::hard_link;
  return link;
}

class Merge : public ArchiveTest {
 public:
  std::string merged(MergeOptions options = {.latest_time = 100, .filter = {}}) {
    auto result = merge({base, upper}, std::move(options), findings);
    if (!result) return "error: " + result.error().what;
    std::string text = text_of(**result);
    EXPECT_EQ(text_of(**result), text) << "the second reading differs";
    return text;
  }

  std::shared_ptr<MemoryTree> base = std::make_shared<MemoryTree>("base", 50);
  std::shared_ptr<MemoryTree> upper = std::make_shared<MemoryTree>("upper", 60);
  Findings findings;
};

TEST_F(Merge, UpperLayersWinAndParentsComeFirst) {
  base->add_text("etc/init.d/rcS", "base");
  base->add_text("etc/keep", "kept");
  base->add_directory("etc", 0700);
  base->add_directory("", 0711);
  upper->add_text("etc/init.d/rcS", "upper");
  upper->add_text("new/deep/file", "new");
  upper->add_directory("etc", 0750).uid = 7;
  EXPECT_EQ(merged(),
            "directory  711 0:0\n"
            "directory etc 750 7:0\n"
            "file etc/keep 644 0:0 4 'kept'\n"
            "directory etc/init.d 755 0:0\n"
            "file etc/init.d/rcS 644 0:0 5 'upper'\n"
            "directory new 755 0:0\n"
            "directory new/deep 755 0:0\n"
            "file new/deep/file 644 0:0 3 'new'\n");
  EXPECT_TRUE(findings.list().empty());
}

TEST_F(Merge, LayersWithoutARootGetOne) {
  EXPECT_EQ(merged(), "directory  755 0:0\n");
}

TEST_F(Merge, RepeatedPathsWarnAndTheLastWins) {
  base->add_text("a", "first");
  base->add_text("a", "second");
  base->add_text("a", "third");
  upper->add_text("b", "");
  EXPECT_EQ(merged(), "directory  755 0:0\nfile a 644 0:0 5 'third'\nfile b 644 0:0 0 ''\n");
  ASSERT_EQ(findings.count(Severity::warning), 2u);
  EXPECT_EQ(findings.list()[0].code, "FSR001");
  EXPECT_EQ(findings.list()[0].where.file, "base");
}

TEST_F(Merge, AHundredRepetitionsAreEnough) {
  for (int i = 0; i < 1000; ++i) base->add_text("a", "");
  merged();
  EXPECT_EQ(findings.list().size(), 100u);
}

TEST_F(Merge, DirectoriesAndOthersDoNotReplaceEachOther) {
  base->add_directory("lib");
  upper->add_symlink("lib", "usr/lib");
  EXPECT_EQ(merged(), "error: the symlink 'lib' would replace a directory of base");
  std::swap(base, upper);
  EXPECT_EQ(merged(), "error: the directory 'lib' would replace a symlink of upper");
}

TEST_F(Merge, NothingLiesBelowAFile) {
  base->add_symlink("var", "tmp");
  upper->add_text("var/run/file", "");
  EXPECT_EQ(merged(), "error: 'var/run' lies below 'var', which is a symlink of base");
}

TEST_F(Merge, HardLinksMeanTheFileTheyMeant) {
  base->add_text("file", "x");
  add_hard_link(*base, "second", "file");
  add_hard_link(*base, "third", "second");
  EXPECT_EQ(merged(),
            "directory  755 0:0\nfile file 644 0:0 1 'x'\n"
            "hard link second 777 0:0 -> file\nhard link third 777 0:0 -> file\n");
  upper->add_text("file", "y");
  EXPECT_EQ(merged(), "error: 'second' is a hard link to 'file', which upper replaces");
  upper->add_text("second", "z");
  upper->add_text("third", "z");
  EXPECT_TRUE(merged().starts_with("directory"));
}

TEST_F(Merge, HardLinksToNothingAreRefused) {
  add_hard_link(*base, "link", "nothing");
  EXPECT_EQ(merged(),
            "error: 'link' is a hard link to 'nothing', and no such file stands before it");
}

TEST_F(Merge, AHardLinkToARepeatedFileIsRefused) {
  base->add_text("file", "x");
  add_hard_link(*base, "link", "file");
  base->add_text("file", "y");
  EXPECT_EQ(merged(), "error: 'link' is a hard link to 'file', which a later entry replaces");
}

TEST_F(Merge, AHardLinkToItselfIsRefused) {
  base->add_text("file", "x");
  add_hard_link(*base, "file", "file");
  EXPECT_TRUE(merged().starts_with("error: 'file' is a hard link to 'file'"));
}

TEST_F(Merge, TimesAreClamped) {
  base->add_text("late", "").mtime = 101;
  base->add_text("early", "").mtime = -1;
  base->add_text("between", "").mtime = 99;
  auto result = merge({base}, {.latest_time = 100, .filter = {}}, findings);
  EXPECT_EQ((*find_entry(**result, "late"))->mtime, 100);
  EXPECT_EQ((*find_entry(**result, "early"))->mtime, 0);
  EXPECT_EQ((*find_entry(**result, "between"))->mtime, 99);
  EXPECT_EQ((*find_entry(**result, ""))->mtime, 100);
}

TEST_F(Merge, TheFilterDropsAndChanges) {
  base->add_directory("dev", 0700);
  base->add_text("dev/a", "");
  base->add_text("dev/b", "").uid = 3;
  base->add_directory("gone");
  auto filter = [](Entry& entry) {
    entry.uid = 0;
    return entry.path != "dev" && entry.path != "dev/a" && entry.path != "gone";
  };
  EXPECT_EQ(merged({.latest_time = 100, .filter = filter}),
            "directory  755 0:0\ndirectory dev 755 0:0\nfile dev/b 644 0:0 0 ''\n");
}

TEST_F(Merge, AFilterMayNotRename) {
  base->add_text("a", "");
  auto filter = [](Entry& entry) {
    entry.path += "x";
    return true;
  };
  EXPECT_TRUE(merged({.latest_time = 100, .filter = filter}).contains("a filter changed"));
}

TEST_F(Merge, ALinkToAFilteredFileIsRefused) {
  base->add_text("file", "x");
  add_hard_link(*base, "link", "file");
  auto filter = [](Entry& entry) { return entry.path != "file"; };
  EXPECT_TRUE(merged({.latest_time = 100, .filter = filter})
                  .contains("'link' is a hard link to 'file', which was left out"));
}

TEST_F(Merge, SeesThatATreeChangedMeanwhile) {
  write("t/a", "1");
  auto layer = open_source(path("t"), env);
  auto result = merge({*layer}, {.latest_time = 100, .filter = {}}, findings);
  write("t/output.tar", "2");
  EXPECT_TRUE(text_of(**result).contains("error: changed while it was read"));
  auto read = summarise(**result);
  ASSERT_FALSE(read);
  EXPECT_TRUE(read.error().hint.contains("no output into a folder that is an input"));
}

TEST_F(Merge, LayersMayBeTheSameFile) {
  shell("mkdir -p t/a && echo x > t/a/b && tar --owner=0 --group=0 -C t -cf t.tar .");
  auto layer = *open_source(path("t.tar"), env);
  auto result = merge({layer, layer}, {.latest_time = 100, .filter = {}}, findings);
  EXPECT_EQ(text_of(**result), text_of(*layer));
}

TEST_F(Merge, SingleFilesKeepTheParentsBelow) {
  base->add_directory("root", 0700);
  auto file = single_file(write("host", "text"), "/root//x", 0600, env);
  ASSERT_TRUE(file);
  auto result = merge({base, *file}, {.latest_time = 100, .filter = {}}, findings);
  EXPECT_EQ(text_of(**result),
            "directory  755 0:0\ndirectory root 700 0:0\nfile root/x 600 0:0 4 'text'\n");
}

}  // namespace
}  // namespace trxkit::archive
