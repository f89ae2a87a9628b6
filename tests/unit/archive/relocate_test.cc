// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/archive/relocate.h"

#include <gtest/gtest.h>

#include "lib/archive/memory.h"

#include "tests/unit/archive/tree_text.h"

namespace trxkit::archive {
namespace {

class Relocated : public ArchiveTest {
 public:
  Relocated() {
    tree->add_directory("", 0700);
    tree->add_text("a", "x").uid = 1000;
    tree->add_symlink("l", "/a");
    shell("mkdir t && echo x > t/a && ln t/a t/b");
  }
  std::shared_ptr<MemoryTree> tree = std::make_shared<MemoryTree>("tree", 0);
};

TEST_F(Relocated, WithoutItsRoot) {
  EXPECT_EQ(text_of(*relocate(tree, {})), "file a 644 1000:0 1 'x'\nsymlink l 777 0:0 -> /a\n");
}

TEST_F(Relocated, BelowADirectory) {
  EXPECT_EQ(text_of(*relocate(tree, {.directory = "srv/www", .owned_by_root = true})),
            "file srv/www/a 644 0:0 1 'x'\nsymlink srv/www/l 777 0:0 -> /a\n");
  std::string links = text_of(*relocate(*open_source(path("t"), env), {.directory = "d"}));
  EXPECT_TRUE(links.contains("hard link d/b ")) << links;
  EXPECT_TRUE(links.contains(" -> d/a\n")) << links;
}

TEST_F(Relocated, ErrorsStay) {
  std::string deep(4090, 'x');
  for (std::size_t i = 100; i < deep.size(); i += 100) deep[i] = '/';
  EXPECT_TRUE(text_of(*relocate(tree, {.directory = deep + "/yyyy"})).contains("error: a path is"));
}

}  // namespace
}  // namespace trxkit::archive
