// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/boot/boot_tree.h"
#include "lib/boot/stick_plan.h"

#include "tests/unit/boot/stick_fixture.h"

namespace trxkit::boot {
namespace {

TEST_F(Stick, TreeIsWhatTheImageHolds) {
  ASSERT_TRUE(image("stick.img"));
  auto result = tree("deep/er/www");
  ASSERT_TRUE(result) << result.error().what;
  shell(
      "dd if=stick.img of=part bs=1M skip=1 conv=sparse status=none; mkdir held; "
      "mcopy -s -i part ::boot held; diff -r held/boot deep/er/www/boot");
  EXPECT_EQ(shell("ls -A deep/er/www"), "boot\n");
}

TEST_F(Stick, TreeKeepsWhatOthersPutThere) {
  write("www/index.html", "mine");
  write("www/boot/entries/own.conf", "title mine\n");
  ASSERT_TRUE(tree("www"));
  EXPECT_EQ(read("www/index.html"), "mine");
  EXPECT_EQ(read("www/boot/entries/own.conf"), "title mine\n");
}

TEST_F(Stick, FailedTreeRemovesItsFolders) {
  entry().kernel = write("not-a-kernel", "text");
  EXPECT_EQ(tree("new/www").error().code, Code::bad_input);
  EXPECT_FALSE(exists("new"));
  write("old/boot/boot.sh", "old\n");
  EXPECT_FALSE(tree("old"));
  EXPECT_EQ(shell("find old -type f; cat old/boot/boot.sh"), "old/boot/boot.sh\nold\n");
}

TEST_F(Stick, BootScriptAppearsLast) {
  auto plan = plan_stick(request, env, progress, findings);
  ASSERT_TRUE(plan) << plan.error().what;
  auto part = [this](const std::string& name, const std::string& place) {
    return Part{path(name), place, begin_hash(path(name), env), 1};
  };
  EntryParts parts{.kernel = part("vmlinux", "boot/default/vmlinux.elf"),
                   .root_image = part("busybox", "boot/default/root.img"),
                   .embedded = {}};
  auto files = boot_files(request, *plan, {parts}, {}, env);
  ASSERT_TRUE(files) << files.error().what;
  EXPECT_EQ(files->back().path, "boot/boot.sh");
  EXPECT_EQ(files->front().path, "boot/default/root.img");
  EXPECT_TRUE(files->front().mutable_content);
}

TEST(TrustedManifest, LeavesOutWhatChanges) {
  std::vector<BootFile> files(2);
  files[0].path = "boot/a/root.img";
  files[0].mutable_content = true;
  files[1].path = "boot/a/vmlinux.elf";
  files[1].sha256 = "12ab";
  EXPECT_EQ(trusted_manifest("x", 7, files), "board x\nbuild 7\nsha256 12ab a/vmlinux.elf\n");
}

TEST(RootImageSize, KeepsToTheLimitOfFat) {
  archive::MergeSummary files{.paths = 10, .content_bytes = 1000};
  EXPECT_EQ(root_image_size(BootFilesystem::fat32, 1 << 20, files).value(), 16U << 20);
  constexpr std::uint64_t kFree = std::uint64_t{4} << 30;
  auto refused = root_image_size(BootFilesystem::fat32, kFree, files);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::does_not_fit);
  EXPECT_TRUE(refused.error().hint.contains("--boot-fs ext4"));
  EXPECT_GT(root_image_size(BootFilesystem::ext4, kFree, files).value(), kFree);
  EXPECT_EQ(root_image_size(BootFilesystem::ext4, ~std::uint64_t{0}, files).error().code,
            Code::does_not_fit);
}

}  // namespace
}  // namespace trxkit::boot
