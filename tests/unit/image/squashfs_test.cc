// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Squashfs images of both backends, judged by unsquashfs.
#include "lib/image/squashfs.h"

#include <sys/stat.h>

#include "tests/unit/image/image_scratch.h"
#include "tests/unit/image/tree.h"

namespace trxkit::image {
namespace {

using test::TestTree;

constexpr std::uint64_t kLarge = 600 * 1024 + 123;  // more than two blocks

TestTree root_tree() {
  return test::root_tree(kLarge);
}

class Squashfs : public test::ImageScratch, public ::testing::WithParamInterface<SquashfsBackend> {
 public:
  Squashfs() { options.jobs = 2; }

  Result<SquashfsResult> build(const TestTree& tree, const std::string& name) {
    OutputFile output = TRY(OutputFile::create(path(name)));
    SquashfsResult result = TRY(write_squashfs(tree, output, options, env));
    TRY(output.commit());
    return result;
  }
  std::string listing(const std::string& name) const {
    return shell("TZ=UTC LC_ALL=C unsquashfs -lln " + name);
  }

  SquashfsOptions options;
};

class SquashfsBackends : public Squashfs {
 public:
  SquashfsBackends() { options.backend = GetParam(); }
};

INSTANTIATE_TEST_SUITE_P(Both, SquashfsBackends,
                         ::testing::Values(SquashfsBackend::tar2sqfs, SquashfsBackend::mksquashfs),
                         [](const auto& backend) {
                           return backend.param == SquashfsBackend::tar2sqfs ? "tar2sqfs"
                                                                             : "mksquashfs";
                         });

// Sizes of directories are those of their packed names. unsquashfs shows device numbers as if all
// were below 256: dev/far is 259:70000 in the encoding of linux include/linux/kdev_t.h.
constexpr const char* kListing =
    R"(drwx--x--x 0/0                      49 2023-11-14 22:13 squashfs-root
drwxr-xr-x 0/0                      51 2020-09-13 12:26 squashfs-root/bin
-rwsr-xr-x 0/0                      10 2020-09-13 12:26 squashfs-root/bin/ash
-rwsr-xr-x 0/0                      10 2020-09-13 12:26 squashfs-root/bin/busybox
lrwxrwxrwx 0/0                       7 2020-09-13 12:26 squashfs-root/bin/sh -> busybox
drwxr-xr-x 0/0                      73 2020-09-13 12:26 squashfs-root/dev
crw------- 0/0                   5,  1 2020-09-13 12:26 squashfs-root/dev/console
brw------- 0/0                 1118467,112 2020-09-13 12:26 squashfs-root/dev/far
prw------- 0/0                       0 2020-09-13 12:26 squashfs-root/dev/initctl
brw------- 0/0                  31,  9 2020-09-13 12:26 squashfs-root/dev/mtdblock9
drwxrwxrwt 0/0                      64 2020-09-13 12:26 squashfs-root/home
-rw-r--r-- 0/0                       0 2020-09-13 12:26 squashfs-root/home/empty
lrwxrwxrwx 0/0                      81 2020-09-13 12:26 squashfs-root/home/far -> /xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
-rw-r--r-- 0/0                  614523 2020-09-13 12:26 squashfs-root/home/large
-rw-r----- 70000/1001                6 2017-07-14 02:40 squashfs-root/home/note
)";

TEST_P(SquashfsBackends, HoldsTheTreeAsItIs) {
  auto result = build(root_tree(), "image");
  ASSERT_TRUE(result) << result.error().what << result.error().hint;
  EXPECT_EQ(listing("image"), kListing);
  EXPECT_EQ(result->size, std::filesystem::file_size(path("image")));
  std::string program = GetParam() == SquashfsBackend::tar2sqfs ? "tar2sqfs " : "mksquashfs ";
  EXPECT_TRUE(result->program.starts_with(program)) << result->program;
  EXPECT_NE(result->program.find('.'), std::string::npos) << result->program;
}

TEST_P(SquashfsBackends, KeepsContentsAndAttributes) {
  ASSERT_TRUE(build(root_tree(), "image"));
  shell("unsquashfs -no-progress -user-xattrs -d out image home bin/busybox bin/ash");
  EXPECT_EQ(read("out/home/large"), test::pattern(kLarge));
  EXPECT_EQ(read("out/home/note"), "hello\n");
  EXPECT_EQ(shell("stat -c %h out/bin/busybox"), "2\n");
  EXPECT_NE(shell("rdsquashfs --describe image | grep note").find("70000 1001"), std::string::npos);
  EXPECT_NE(shell("rdsquashfs --xattr home/note image").find("user.comment=kept"),
            std::string::npos);
}

TEST_P(SquashfsBackends, IsTheSameWhateverTheSurroundings) {
  ASSERT_TRUE(build(root_tree(), "image"));
  mode_t mask = umask(077);
  setenv("TZ", "America/New_York", 1);
  std::filesystem::path previous = std::filesystem::current_path();
  std::filesystem::current_path("/");
  std::filesystem::create_directory(folder / "elsewhere");
  options.jobs = 1;
  auto again = build(root_tree(), "elsewhere/copy");
  std::filesystem::current_path(previous);
  unsetenv("TZ");
  umask(mask);
  ASSERT_TRUE(again);
  shell("cmp image elsewhere/copy");
}

TEST_P(SquashfsBackends, UsesTheBlockSizeAndXz) {
  options.block_size = 64 * 1024;
  ASSERT_TRUE(build(root_tree(), "image"));
  std::string about = shell("unsquashfs -s image");
  EXPECT_NE(about.find("Compression xz\n"), std::string::npos) << about;
  EXPECT_NE(about.find("Block size 65536\n"), std::string::npos) << about;
  EXPECT_NE(about.find("not exportable"), std::string::npos) << about;
}

TEST_P(SquashfsBackends, RefusesReadersThatDoNotKeepTheirWord) {
  for (std::int64_t lie : {-1, 1, -500000}) {
    TestTree tree = root_tree();
    tree.liar = "home/large";
    tree.lie = lie;
    auto result = build(tree, "image");
    ASSERT_FALSE(result) << lie;
    EXPECT_EQ(result.error().code, Code::bad_input) << result.error().what;
    expect_nothing_left();
  }
}

TEST_P(SquashfsBackends, RefusesWhatItCannotWrite) {
  TestTree no_root;
  no_root.text("file", "x");
  auto result = build(no_root, "image");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Code::bad_input);
  for (std::uint32_t block : {0u, 2048u, 4097u, 2u << 20}) {
    options.block_size = block;
    result = build(root_tree(), "image");
    ASSERT_FALSE(result) << block;
    EXPECT_EQ(result.error().code, Code::usage);
  }
  expect_nothing_left();
}

TEST_P(SquashfsBackends, AFailingProgramIsQuoted) {
  std::string name = GetParam() == SquashfsBackend::tar2sqfs ? "tar2sqfs" : "mksquashfs";
  write("bin/" + name,
        "#!/bin/sh\ncase $1 in *-version) echo x 1.0; exit;; esac\necho it broke >&2; exit 3\n");
  shell("chmod +x bin/" + name);
  env.search_path = path("bin") + ":" + env.search_path;
  auto result = build(root_tree(), "image");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Code::external_tool);
  EXPECT_NE(result.error().what.find("exit status 3"), std::string::npos) << result.error().what;
  EXPECT_NE(result.error().hint.find("it broke"), std::string::npos) << result.error().hint;
  // One that says all is well and has written nothing.
  write("bin/" + name, "#!/bin/sh\nexec cat >/dev/null\n");
  result = build(root_tree(), "image");
  ASSERT_FALSE(result);
  EXPECT_NE(result.error().what.find("no squashfs"), std::string::npos) << result.error().what;
  EXPECT_FALSE(exists("image"));
}

TEST_P(SquashfsBackends, GoesThroughAPipe) {
  ASSERT_TRUE(build(root_tree(), "image"));
  shell("mkfifo pipe; cat pipe > copy & echo");
  ASSERT_TRUE(build(root_tree(), "pipe"));
  shell(
      "for i in 1 2 3 4 5 6 7 8 9; do cmp -s image copy && exit; sleep 0.2; done; cmp image copy");
}

using SquashfsDifferences = Squashfs;

TEST_F(SquashfsDifferences, OneTreeOneListing) {
  TestTree tree = root_tree();
  tree.text("home/later", "x").mtime = 1900000000;  // behind the epoch
  tree.text("home/earlier", "x").mtime = -5;
  ASSERT_TRUE(build(tree, "one"));
  options.backend = SquashfsBackend::mksquashfs;
  ASSERT_TRUE(build(tree, "two"));
  EXPECT_EQ(listing("one"), listing("two"));
}

TEST_F(SquashfsDifferences, MksquashfsCannotGiveTheRootAway) {
  TestTree tree;
  tree.directory("").uid = 1000;
  ASSERT_TRUE(build(tree, "one"));
  EXPECT_NE(listing("one").find("1000/0"), std::string::npos);
  options.backend = SquashfsBackend::mksquashfs;
  auto result = build(tree, "two");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Code::bad_input);
  EXPECT_NE(result.error().hint.find("tar2sqfs"), std::string::npos);
}

}  // namespace
}  // namespace trxkit::image
