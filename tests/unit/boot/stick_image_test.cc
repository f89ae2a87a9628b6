// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Sticks judged by the host's own tools: sfdisk, fsck.fat, e2fsck, mtools, debugfs, readelf.
#include <algorithm>

#include <fmt/format.h>

#include "lib/core/json.h"

#include "tests/unit/boot/stick_fixture.h"

namespace trxkit::boot {
namespace {

constexpr const char* kPartition = "dd if=stick.img of=part bs=1M skip=1 conv=sparse status=none";

TEST_F(Stick, FatImageIsSoundForOthers) {
  auto result = image("stick.img");
  ASSERT_TRUE(result) << result.error().what;
  std::string table = shell("sfdisk -J stick.img");
  EXPECT_TRUE(table.contains("\"label\": \"dos\"")) << table;
  EXPECT_TRUE(table.contains("\"start\": 2048")) << table;
  EXPECT_TRUE(table.contains("\"type\": \"c\"")) << table;
  EXPECT_EQ(result->image_size, std::filesystem::file_size(path("stick.img")));
  shell(std::string(kPartition) + "; fsck.fat -n part");
  std::string volume = shell("mdir -i part ::");
  EXPECT_TRUE(volume.contains("USBBOOT")) << volume;
  EXPECT_TRUE(volume.contains(result->medium)) << volume << result->medium;
}

TEST_F(Stick, ABootTreeInTheWorkingFolderIsNotTheSticks) {
  ASSERT_TRUE(image("stick.img"));
  write("boot/default/root.img", "of others");
  write("boot/default/vmlinux.elf", "of others");
  std::filesystem::path previous = std::filesystem::current_path();
  std::filesystem::current_path(folder);
  auto again = image("again.img");
  std::filesystem::current_path(previous);
  ASSERT_TRUE(again) << again.error().what;
  shell("cmp stick.img again.img");
}

TEST_F(Stick, EntryPointsToWhatIsThere) {
  auto result = image("stick.img");
  ASSERT_TRUE(result) << result.error().what;
  shell(std::string(kPartition) + "; mcopy -s -i part ::boot .");
  EXPECT_FALSE(std::filesystem::exists(path("boot/boot.conf")));
  std::string entry = read("boot/entries/default.conf");
  EXPECT_TRUE(entry.contains("kernel default/vmlinux.elf\n")) << entry;
  EXPECT_TRUE(entry.contains("root image:boot/default/root.img\n")) << entry;
  EXPECT_TRUE(entry.contains("medium " + result->medium + "\n")) << entry;
  // What boot.sh compares.
  shell(
      "sum=$(sha256sum <boot/default/vmlinux.elf); grep -q \"^kernel-sha256 ${sum%% *}$\" "
      "boot/entries/default.conf");
  shell(
      "while read -r key sum name; do [ \"$key\" != sha256 ] || echo \"$sum  boot/$name\"; "
      "done <boot/boot.manifest >sums && sha256sum -c sums && test $(wc -l <sums) = 3");
  EXPECT_TRUE(read("boot/boot.manifest").starts_with("board qemu-malta\nbuild 1700000000\n"));
}

TEST_F(Stick, RootImageHoldsTheRoot) {
  auto result = image("stick.img");
  ASSERT_TRUE(result) << result.error().what;
  shell(std::string(kPartition) + "; mcopy -i part ::boot/default/root.img .; e2fsck -fn root.img");
  EXPECT_EQ(shell("debugfs -R 'cat etc/greeting' root.img 2>/dev/null"), "hello\n");
  std::string facts = shell("dumpe2fs -h root.img");
  EXPECT_TRUE(facts.contains("USBROOT")) << facts;
  EXPECT_TRUE(facts.contains(result->entries.front().root_uuid)) << facts;
  EXPECT_TRUE(facts.contains("Block size:               4096")) << facts;
  EXPECT_TRUE(facts.contains("has_journal")) << facts;
}

TEST_F(Stick, KernelCarriesInitramfsAndCommandLine) {
  auto result = image("stick.img");
  ASSERT_TRUE(result) << result.error().what;
  EXPECT_TRUE(result->entries.front().command_line.contains("mem=64M console=ttyS0,115200"))
      << result->entries.front().command_line;
  shell(std::string(kPartition) + "; mcopy -i part ::boot/default/vmlinux.elf .");
  std::string headers = shell("readelf -lW vmlinux.elf | grep LOAD");
  EXPECT_EQ(std::ranges::count(headers, '\n'), 2) << headers;
  // The second PT_LOAD is the archive, as gzip and cpio read it.
  shell(
      "set -- $(readelf -lW vmlinux.elf | grep LOAD | tail -n 1); "
      "tail -c +$(($2 + 1)) vmlinux.elf | gzip -dcq 2>/dev/null | cpio -t --quiet >list; "
      "grep -qx init list && grep -qx bin/busybox list && grep -qx dev/console list && "
      "grep -qx etc/entry.conf list");
}

TEST_F(Stick, Ext4BootPartition) {
  request.layout.filesystem = BootFilesystem::ext4;
  auto result = image("stick.img");
  ASSERT_TRUE(result) << result.error().what;
  EXPECT_TRUE(shell("sfdisk -J stick.img").contains("\"type\": \"83\""));
  shell(std::string(kPartition) + "; e2fsck -fn part");
  EXPECT_TRUE(shell("dumpe2fs -h part").contains(result->medium));
  shell("debugfs -R 'dump boot/default/root.img root.img' part; e2fsck -fn root.img");
  // All blocks of the image have their place: writing into it changes no metadata around it.
  std::string blocks = shell("debugfs -R 'stat boot/default/root.img' part 2>/dev/null");
  std::uint64_t sectors = result->entries.front().root_size / 512;
  std::size_t place = blocks.find("Blockcount: ");
  ASSERT_NE(place, std::string::npos) << blocks;
  EXPECT_GE(std::stoull(blocks.substr(place + 12)), sectors) << blocks;
}

TEST_F(Stick, ManifestNamesInputsAndOutput) {
  auto result = image("stick.img");
  ASSERT_TRUE(result) << result.error().what;
  auto manifest = Json::parse(read("stick.img.manifest.json"), "manifest");
  ASSERT_TRUE(manifest);
  EXPECT_EQ(*manifest->find("board")->text(), "qemu-malta");
  std::string text = read("stick.img.manifest.json");
  std::string sum = shell("sha256sum <stick.img | cut -d' ' -f1");
  EXPECT_TRUE(text.contains(sum.substr(0, 64))) << text;
  EXPECT_TRUE(text.contains("\"name\": \"vmlinux\"")) << text;
  EXPECT_FALSE(text.contains(folder.string())) << text;
}

TEST_F(Stick, SecondBuildIsByteIdentical) {
  ASSERT_TRUE(image("stick.img"));
  std::filesystem::create_directory(folder / "other");
  umask(0077);
  auto again = image("other/stick.img");
  umask(0022);
  ASSERT_TRUE(again);
  shell("cmp stick.img other/stick.img && cmp stick.img.manifest.json other/*.json");
}

TEST_F(Stick, OtherContentsGiveOtherIds) {
  auto first = image("a.img");
  write("root/etc/greeting", "good evening\n");
  auto second = image("b.img");
  ASSERT_TRUE(first && second);
  EXPECT_NE(first->entries.front().root_uuid, second->entries.front().root_uuid);
  EXPECT_NE(first->medium, second->medium);
}

TEST_F(Stick, FreeRoomIsInTheRoot) {
  entry().free_bytes = 20 << 20;
  auto result = image("stick.img");
  ASSERT_TRUE(result) << result.error().what;
  shell(std::string(kPartition) + "; mcopy -i part ::boot/default/root.img .");
  std::string free = shell("dumpe2fs -h root.img 2>/dev/null | sed -n 's/^Free blocks: *//p'");
  EXPECT_GE(std::stoull(free) * 4096, entry().free_bytes);
}

TEST_F(Stick, LeavesNothingBehindAfterFailure) {
  std::string before = listing();
  entry().kernel = path("busybox-not-there");
  EXPECT_EQ(image("stick.img").error().code, Code::io);
  entry().kernel = path("vmlinux");
  entry().name = "../x";
  EXPECT_EQ(image("stick.img").error().code, Code::usage);
  entry().name = "default";
  entry().rootfs = write("broken.tar.gz", std::string("\x1f\x8b\x08garbage", 10));
  EXPECT_EQ(image("stick.img").error().code, Code::bad_input);
  std::filesystem::remove(path("broken.tar.gz"));
  EXPECT_EQ(listing(), before);
}

TEST_F(Stick, PipeTakesTheImageToo) {
  ASSERT_TRUE(image("stick.img"));
  shell("mkfifo pipe; sha256sum pipe >piped &");
  ASSERT_TRUE(image("pipe"));
  shell(
      "while [ ! -s piped ]; do sleep 0.1; done; sum=$(sha256sum <stick.img); "
      "grep -q \"^${sum%% *} \" piped");
  EXPECT_FALSE(exists("pipe.manifest.json"));
}

}  // namespace
}  // namespace trxkit::boot
