// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// FAT images, judged by fsck.fat and read back with mtools.
#include "lib/image/fat.h"

#include <sys/stat.h>

#include "lib/image/fat_layout.h"

#include "tests/unit/image/image_scratch.h"
#include "tests/unit/image/tree.h"

namespace trxkit::image {
namespace {

using archive::EntryType;
using test::TestTree;

constexpr std::uint64_t kMiB = 1 << 20;

TestTree boot_tree() {
  TestTree tree;
  tree.directory("");
  tree.directory("boot");
  tree.text("boot/boot.sh", "#!/bin/sh\n", 0755);
  tree.directory("boot/entries");
  tree.text("boot/entries/default.conf", "title x\n");
  tree.directory("boot/A [b]");
  tree.directory("boot/A [b]/[c] d");
  tree.text("boot/A [b]/[c] d/$x; 'q' [1].txt", "odd name\n");
  tree.text("boot/empty", "");
  tree.text("boot/UPPER.TXT", "upper\n");
  tree.text("boot/a rather long name.1", "1");
  tree.text("boot/a rather long name.2", "2");
  tree.large("boot/vmlinux.elf", 5 * kMiB + 77);
  return tree;
}

class Fat : public test::ImageScratch {
 public:
  Fat() {
    options.label = "USBBOOT";
    options.volume_id = 0x1234abcd;
    options.size = 40 * kMiB;
  }
  Status build(const TestTree& tree, const std::string& name) {
    OutputFile output = TRY(OutputFile::create(path(name)));
    TRY(write_fat(tree, output, options, env));
    return output.commit();
  }
  std::string tool(const std::string& command, int status = 0) const {
    return shell(
        "PATH=$PATH:/usr/sbin:/sbin; export TZ=UTC LC_ALL=C "
        "MTOOLS_SKIP_CHECK=1; " +
            command,
        status);
  }
  FatOptions options;
};

TEST_F(Fat, HoldsTheTree) {
  ASSERT_TRUE(build(boot_tree(), "image"));
  tool("fsck.fat -nv image");
  EXPECT_EQ(tool("mdir -i image -/b ::"),
            "::/boot/\n::/boot/entries/\n::/boot/A "
            "[b]/\n::/boot/boot.sh\n::/boot/empty\n"
            "::/boot/UPPER.TXT\n::/boot/a rather long name.1\n::/boot/a rather "
            "long name.2\n"
            "::/boot/vmlinux.elf\n::/boot/entries/default.conf\n::/boot/A "
            "[b]/[c] d/\n"
            "::/boot/A [b]/[c] d/$x; 'q' [1].txt\n");
  tool("mcopy -n -s -i image ::/boot copy");
  EXPECT_EQ(read("copy/vmlinux.elf"), test::pattern(5 * kMiB + 77));
  EXPECT_EQ(read("copy/boot.sh"), "#!/bin/sh\n");
  EXPECT_EQ(read("copy/empty"), "");
  EXPECT_EQ(read("copy/A [b]/[c] d/$x; 'q' [1].txt"), "odd name\n");
  EXPECT_EQ(read("copy/a rather long name.2"), "2");
}

TEST_F(Fat, CarriesLabelIdAndTimes) {
  ASSERT_TRUE(build(boot_tree(), "image"));
  std::string list = tool("mdir -i image ::/boot");
  EXPECT_NE(list.find("is USBBOOT"), std::string::npos) << list;
  EXPECT_NE(list.find("1234-ABCD"), std::string::npos) << list;
  // All times are the epoch's, 1700000000, in UTC.
  EXPECT_EQ(tool("mdir -i image ::/boot | grep -c '2023-11-14  22:13'"), "10\n");
  std::string check = tool("fsck.fat -nv image");
  EXPECT_NE(check.find("2 FATs, 32 bit entries"), std::string::npos) << check;
}

TEST_F(Fat, LiesAtItsOffsetAndLeavesTheRestAlone) {
  options.offset = 3 * kMiB;
  {
    OutputFile output = *OutputFile::create(path("disk"));
    ASSERT_TRUE(output.write(as_bytes(test::pattern(3 * kMiB))));
    ASSERT_TRUE(output.resize(50 * kMiB));
    ASSERT_TRUE(write_fat(boot_tree(), output, options, env));
    ASSERT_TRUE(output.commit());
  }
  EXPECT_EQ(std::filesystem::file_size(path("disk")), 50 * kMiB);
  EXPECT_EQ(read("disk").substr(0, 3 * kMiB), test::pattern(3 * kMiB));
  tool("dd if=disk of=part bs=1M skip=3 count=40 status=none; fsck.fat -n part");
  EXPECT_NE(tool("fsck.fat -nv part").find("6144 hidden sectors"), std::string::npos);
  tool("dd if=disk bs=1M skip=43 status=none | cmp -n 7340032 - /dev/zero");
}

TEST_F(Fat, IsTheSameWhateverTheSurroundings) {
  ASSERT_TRUE(build(boot_tree(), "image"));
  mode_t mask = umask(077);
  setenv("TZ", "America/New_York", 1);
  setenv("MTOOLS_NO_VFAT", "1", 1);
  std::filesystem::path previous = std::filesystem::current_path();
  std::filesystem::current_path("/");
  std::filesystem::create_directory(folder / "elsewhere");
  Status again = build(boot_tree(), "elsewhere/copy");
  std::filesystem::current_path(previous);
  unsetenv("TZ");
  unsetenv("MTOOLS_NO_VFAT");
  umask(mask);
  ASSERT_TRUE(again);
  tool("cmp image elsewhere/copy");
}

TEST_F(Fat, TimesOutsideOfFatAreMovedInside) {
  env.source_date_epoch = 0;
  ASSERT_TRUE(build(boot_tree(), "image"));
  std::string list = tool("mdir -i image ::/boot");
  EXPECT_NE(list.find("1980-01-01"), std::string::npos) << list;
}

TEST_F(Fat, SizeForIsEnoughAndAlwaysFat32) {
  for (std::uint64_t files : {0u, 1u, 100u}) {
    for (std::uint64_t size : {1u, 513u, 700000u}) {
      TestTree tree;
      tree.directory("");
      for (std::uint64_t i = 0; i < files; ++i) {
        tree.large(std::string(193, 'n') + std::to_string(i), size);
      }
      options.size = fat_size_for(FatKind::fat32, files * size, files + 1, 0);
      auto status = build(tree, "image");
      ASSERT_TRUE(status) << files << " files of " << size << ": " << status.error().what;
      EXPECT_NE(tool("fsck.fat -nv image").find("32 bit entries"), std::string::npos);
    }
  }
}

TEST_F(Fat, EverySizeThatIsOfferedIsFat32) {
  for (std::uint64_t content = 0; content < 1ULL << 40; content = content * 5 / 4 + 1000001) {
    std::uint64_t size = fat_size_for(FatKind::fat32, content, 10, 0);
    std::uint64_t cluster = fat_cluster_sectors(FatKind::fat32, size / kFatSector) * kFatSector;
    ASSERT_GT(cluster, 0u) << content;
    std::uint64_t clusters = size / (cluster + 8) - 10;
    EXPECT_GE(clusters, kFat32LeastClusters) << content;
    EXPECT_GT(clusters * cluster, content) << content;
  }
}

TEST_F(Fat, Fat16HoldsTheTreeToo) {
  options.kind = FatKind::fat16;
  for (std::uint64_t size : {8U, 12U, 16U, 40U, 129U, 260U, 600U, 1100U, 2047U}) {
    options.size = size * kMiB;
    Status status = build(boot_tree(), "image");
    ASSERT_TRUE(status) << size << ": " << status.error().what;
    std::string check = tool("fsck.fat -nv image");
    EXPECT_NE(check.find("2 FATs, 16 bit entries"), std::string::npos) << check;
    EXPECT_NE(check.find("512 root directory entries"), std::string::npos) << check;
    EXPECT_EQ(tool("blkid -p -s SEC_TYPE -s TYPE -s UUID -s LABEL -o value "
                   "image | sort"),
              "1234-ABCD\nUSBBOOT\nmsdos\nvfat\n");
  }
  tool("mcopy -n -s -i image ::/boot copy");
  EXPECT_EQ(read("copy/vmlinux.elf"), test::pattern(5 * kMiB + 77));
}

TEST_F(Fat, Fat16HasItsLimits) {
  options.kind = FatKind::fat16;
  for (std::uint64_t size : {4U, 2049U}) {
    options.size = size * kMiB;
    auto status = build(boot_tree(), "image");
    ASSERT_FALSE(status) << size;
    EXPECT_EQ(status.error().code, Code::does_not_fit);
    EXPECT_NE(status.error().what.find("FAT16"), std::string::npos) << status.error().what;
  }
  options.size = 40 * kMiB;
  TestTree full;
  full.directory("");
  for (int i = 0; i < 300; ++i) full.text("a rather long name " + std::to_string(i), "");
  auto status = build(full, "image");
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, Code::does_not_fit);
  EXPECT_NE(status.error().what.find("root directory"), std::string::npos) << status.error().what;
}

TEST_F(Fat, EveryFat16SizeThatIsOfferedHasRoom) {
  options.kind = FatKind::fat16;
  for (std::uint64_t content : {0U, 1U, 10U, 31U, 100U, 127U}) {
    TestTree tree;
    tree.directory("");
    tree.large("file", content * kMiB);
    options.size = fat_size_for(FatKind::fat16, content * kMiB, 2, kMiB);
    auto status = build(tree, "image");
    ASSERT_TRUE(status) << content << ": " << status.error().what;
  }
  EXPECT_GT(fat_size_for(FatKind::fat16, std::uint64_t{3} << 30, 2, 0), std::uint64_t{1} << 62);
}

TEST_F(Fat, LargerClustersOnLargerVolumes) {
  options.size = 300 * kMiB;
  ASSERT_TRUE(build(boot_tree(), "image"));
  std::string check = tool("fsck.fat -nv image");
  EXPECT_NE(check.find("4096 bytes per cluster"), std::string::npos) << check;
}

TEST_F(Fat, SaysHowMuchIsMissing) {
  TestTree tree = boot_tree();
  tree.large("rest", 36 * kMiB);
  auto status = build(tree, "image");
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, Code::does_not_fit);
  EXPECT_NE(status.error().what.find("are missing"), std::string::npos) << status.error().what;
  expect_nothing_left();
}

TEST_F(Fat, FillsTheLastCluster) {
  TestTree tree;
  tree.directory("");
  tree.large("all", 40 * kMiB);
  auto status = build(tree, "image");
  ASSERT_FALSE(status);
  // "40 MiB: N bytes (...) are missing": taking exactly N away makes it fit.
  std::string what = status.error().what;
  std::uint64_t missing = std::stoull(what.substr(what.find(": ") + 2));
  TestTree exact;
  exact.directory("");
  exact.large("all", 40 * kMiB - missing);
  ASSERT_TRUE(build(exact, "image")) << what;
  tool("fsck.fat -n image");
  TestTree over;
  over.directory("");
  over.large("all", 40 * kMiB - missing + 1);
  EXPECT_FALSE(build(over, "image"));
}

TEST_F(Fat, RefusesReadersThatDoNotKeepTheirWord) {
  for (std::int64_t lie : {-1, 1, -5000000}) {
    TestTree tree = boot_tree();
    tree.liar = "boot/vmlinux.elf";
    tree.lie = lie;
    auto status = build(tree, "image");
    ASSERT_FALSE(status) << lie;
    EXPECT_EQ(status.error().code, Code::bad_input);
    expect_nothing_left();
  }
}

TEST_F(Fat, RefusesWhatItCannotHold) {
  auto expect_refused = [&](auto&& change, const std::string& reason) {
    TestTree tree;
    tree.directory("");
    tree.text("there", "x");
    change(tree);
    auto status = build(tree, "image");
    expect_nothing_left();
    ASSERT_FALSE(status) << reason;
    EXPECT_EQ(status.error().code, Code::bad_input) << status.error().what;
    EXPECT_NE(status.error().what.find(reason), std::string::npos) << status.error().what;
  };
  for (const char* name : {"a:b", "a*b", "a?b", "a\"b", "a<b", "a>b", "a|b", "a\\b", "end.", "end ",
                           "con", "Aux.txt", "LPT1", "caf\xc3\xa9", "a\tb", "a\x7f"}) {
    expect_refused([&](TestTree& tree) { tree.text(name, "x"); }, "cannot be on a FAT");
  }
  expect_refused([](TestTree& tree) { tree.text(std::string(196, 'n'), "x"); }, "longer than 195");
  expect_refused([](TestTree& tree) { tree.text("THERE", "x"); }, "only in case");
  expect_refused([](TestTree& tree) { tree.text("no/parent", "x"); }, "no parent");
  expect_refused([](TestTree& tree) { tree.link("s", EntryType::symlink, "there"); }, "neither");
  expect_refused([](TestTree& tree) { tree.link("h", EntryType::hard_link, "there"); }, "neither");
  expect_refused([](TestTree& tree) { tree.device("d", EntryType::block_device, 8, 0); },
                 "neither");
  expect_refused([](TestTree& tree) { tree.add("big", EntryType::file).size = 1ULL << 32; },
                 "4 GiB");
}

TEST_F(Fat, RefusesOptionsThatMakeNoSense) {
  FatOptions good = options;
  auto code_of = [&](auto&& change) {
    options = good;
    change(options);
    auto status = build(boot_tree(), "image");
    expect_nothing_left();
    return status ? Code::io : status.error().code;
  };
  EXPECT_EQ(code_of([](FatOptions& wrong) { wrong.label = "TWELVE CHARS"; }), Code::usage);
  EXPECT_EQ(code_of([](FatOptions& wrong) { wrong.label = "lower"; }), Code::usage);
  EXPECT_EQ(code_of([](FatOptions& wrong) { wrong.label = ""; }), Code::usage);
  EXPECT_EQ(code_of([](FatOptions& wrong) { wrong.size += 1; }), Code::usage);
  EXPECT_EQ(code_of([](FatOptions& wrong) { wrong.offset = 100; }), Code::usage);
  EXPECT_EQ(code_of([](FatOptions& wrong) { wrong.size = 32 * kMiB; }), Code::does_not_fit);
  EXPECT_EQ(code_of([](FatOptions& wrong) { wrong.size = 3ULL << 40; }), Code::does_not_fit);
}

}  // namespace
}  // namespace trxkit::image
