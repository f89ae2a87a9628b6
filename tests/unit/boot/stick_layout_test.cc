// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Whole sticks in every shape, judged by sfdisk, fsck.fat, e2fsck, blkid, unsquashfs and bmaptool.
#include <algorithm>

#include "tests/unit/boot/stick_fixture.h"

namespace trxkit::boot {
namespace {

constexpr std::uint64_t kMiB = 1 << 20;

class StickShapes : public Stick {
 public:
  /// The partition as a file of its own, "part", and what blkid knows about it.
  std::string cut(const StickPartition& partition) const {
    return shell(
        fmt::format("dd if=stick.img of=part bs=1M skip={} count={} conv=sparse "
                    "status=none; PATH=$PATH:/usr/sbin:/sbin; "
                    "blkid -p -s TYPE -s LABEL -s UUID -o value part | sort",
                    partition.offset / kMiB, partition.size / kMiB));
  }
  static std::string sorted(const StickPartition& partition, const std::string& type) {
    std::vector<std::string> lines{partition.label, partition.id, type};
    std::ranges::sort(lines);
    return fmt::format("{}\n{}\n{}\n", lines[0], lines[1], lines[2]);
  }
  /// Writes what the block map names onto a target full of 0xFF: "target".
  void copy_mapped() const {
    shell(
        "head -c $(stat -c %s stick.img) /dev/zero | tr '\\0' '\\377' >target; "
        "bmaptool copy stick.img target");
  }
};

TEST_F(StickShapes, EveryBootFilesystem) {
  for (BootFilesystem filesystem :
       {BootFilesystem::fat16, BootFilesystem::fat32, BootFilesystem::ext2, BootFilesystem::ext3,
        BootFilesystem::ext4}) {
    request.layout.filesystem = filesystem;
    auto result = image("stick.img");
    ASSERT_TRUE(result) << name_of(filesystem) << ": " << result.error().what;
    ASSERT_EQ(result->partitions.size(), 1U);
    const StickPartition& boot = result->partitions[0];
    EXPECT_EQ(boot.filesystem, name_of(filesystem));
    EXPECT_EQ(boot.id, result->medium);
    std::string type(is_fat(filesystem) ? "vfat" : name_of(filesystem));
    EXPECT_EQ(cut(boot), sorted(boot, type));
    if (is_fat(filesystem)) {
      shell("fsck.fat -n part; mcopy -i part ::boot/default/root.img root.img");
    } else {
      shell(
          "e2fsck -fn part; debugfs -R 'dump boot/default/root.img root.img' "
          "part");
    }
    shell("e2fsck -fn root.img; rm root.img part");
  }
}

TEST_F(StickShapes, GptWithRootSwapAndData) {
  request.layout.table = PartitionTable::gpt;
  request.layout.swap_size = 3 * kMiB + 1;
  request.layout.data_size = 20 * kMiB;
  entry().root_form = RootForm::partition;
  auto result = image("stick.img");
  ASSERT_TRUE(result) << result.error().what;
  std::string table = shell("sfdisk -J stick.img");
  EXPECT_TRUE(table.contains("\"label\": \"gpt\"")) << table;
  shell("sfdisk --verify stick.img");
  ASSERT_EQ(result->partitions.size(), 4U);
  const char* types[] = {"vfat", "ext4", "swap", "ext4"};
  const char* labels[] = {"USBBOOT", "USBROOT", "USBSWAP", "USBDATA"};
  for (std::size_t i = 0; i < 4; ++i) {
    const StickPartition& partition = result->partitions[i];
    EXPECT_EQ(partition.label, labels[i]);
    EXPECT_TRUE(table.contains(fmt::format("\"start\": {}", partition.offset / 512))) << table;
    EXPECT_EQ(cut(partition), sorted(partition, types[i])) << labels[i];
    if (types[i] == std::string("ext4")) shell("e2fsck -fn part");
  }
  EXPECT_EQ(result->partitions[2].size, 4 * kMiB);
}

TEST_F(StickShapes, RootPartitionHoldsTheRoot) {
  entry().root_form = RootForm::partition;
  auto result = image("stick.img");
  ASSERT_TRUE(result) << result.error().what;
  cut(result->partitions[0]);
  shell("mcopy -i part ::boot/entries/default.conf ::boot/manifest.json .");
  std::string entry = read("default.conf");
  EXPECT_TRUE(entry.contains("root uuid:" + result->partitions[1].id + "\n")) << entry;
  EXPECT_FALSE(read("manifest.json").contains("root.img"));
  cut(result->partitions[1]);
  EXPECT_EQ(shell("debugfs -R 'cat etc/greeting' part 2>/dev/null"), "hello\n");
}

TEST_F(StickShapes, SquashfsRootIsTrusted) {
  entry().root_form = RootForm::squashfs;
  auto result = image("stick.img");
  ASSERT_TRUE(result) << result.error().what;
  cut(result->partitions[0]);
  shell(
      "mcopy -s -i part ::boot .; unsquashfs -n -d root-again "
      "boot/default/root.squashfs");
  EXPECT_EQ(read("root-again/etc/greeting"), "hello\n");
  std::string entry = read("boot/entries/default.conf");
  EXPECT_TRUE(entry.contains("root image:boot/default/root.squashfs\n")) << entry;
  EXPECT_TRUE(entry.contains("options ro,overlay\n")) << entry;
  std::string sum = shell("sha256sum <boot/default/root.squashfs").substr(0, 64);
  EXPECT_TRUE(entry.contains("root-sha256 " + sum + "\n")) << entry;
  EXPECT_TRUE(read("boot/boot.manifest").contains(sum + " default/root.squashfs\n"));
}

TEST_F(StickShapes, WithoutPartitionTable) {
  request.layout.table = PartitionTable::none;
  for (BootFilesystem filesystem : {BootFilesystem::fat32, BootFilesystem::ext4}) {
    request.layout.filesystem = filesystem;
    auto result = image("stick.img");
    ASSERT_TRUE(result) << result.error().what;
    EXPECT_EQ(result->partitions[0].offset, 0U);
    EXPECT_EQ(result->partitions[0].size, std::filesystem::file_size(path("stick.img")));
    shell(is_fat(filesystem) ? "fsck.fat -n stick.img" : "e2fsck -fn stick.img");
    EXPECT_TRUE(shell("blkid -p stick.img").contains("LABEL=\"USBBOOT\""));
  }
  request.layout.swap_size = kMiB;
  auto refused = image("other.img");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::usage);
}

TEST_F(StickShapes, MbrHoldsFourPartitions) {
  request.layout.swap_size = kMiB;
  request.layout.data_size = 16 * kMiB;
  entry().root_form = RootForm::partition;
  request.entries.push_back(entry());
  request.entries[1].name = "second";
  auto refused = image("stick.img");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::does_not_fit);
  EXPECT_EQ(refused.error().hint, "--table gpt");
  request.layout.table = PartitionTable::gpt;
  auto result = image("stick.img");
  ASSERT_TRUE(result) << result.error().what;
  EXPECT_EQ(result->partitions.size(), 5U);
  EXPECT_NE(result->partitions[1].id, result->partitions[2].id);
}

TEST_F(StickShapes, GivenIds) {
  request.layout.medium = "12AB-34CD";
  auto result = image("stick.img");
  ASSERT_TRUE(result) << result.error().what;
  EXPECT_TRUE(cut(result->partitions[0]).contains("12AB-34CD\n"));
  request.layout.filesystem = BootFilesystem::ext4;
  EXPECT_EQ(image("stick.img").error().code, Code::usage);
  request.layout.medium = "01234567-89ab-cdef-0123-456789abcdef";
  result = image("stick.img");
  ASSERT_TRUE(result) << result.error().what;
  EXPECT_TRUE(cut(result->partitions[0]).contains(request.layout.medium));
}

TEST_F(StickShapes, EveryNameMayBeGiven) {
  StickLayout& layout = request.layout;
  layout.boot_label = "MYBOOT";
  layout.medium = "12AB-34CD";
  layout.swap_size = layout.data_size = 20 * kMiB;
  layout.swap = {"my-swap", "aaaaaaaa-0000-4000-8000-000000000001"};
  layout.data = {"my.data", "aaaaaaaa-0000-4000-8000-000000000002"};
  entry().root_form = RootForm::partition;
  entry().root_names = {"my_root", "aaaaaaaa-0000-4000-8000-000000000003"};
  const char* types[] = {"vfat", "ext4", "swap", "ext4"};
  const char* labels[] = {"MYBOOT", "my_root", "my-swap", "my.data"};
  for (PartitionTable table : {PartitionTable::mbr, PartitionTable::gpt}) {
    layout.table = table;
    layout.disk_id = table == PartitionTable::mbr ? "0x1badcafe" : layout.swap.id;
    auto result = image("stick.img");
    ASSERT_TRUE(result) << result.error().what;
    for (std::size_t i = 0; i < 4; ++i) {
      EXPECT_EQ(result->partitions[i].label, labels[i]);
      EXPECT_EQ(cut(result->partitions[i]), sorted(result->partitions[i], types[i])) << labels[i];
    }
    EXPECT_EQ(result->partitions[1].id, entry().root_names.id);
    std::string id = shell("sfdisk --disk-id stick.img | tr A-F a-f");
    EXPECT_EQ(id, layout.disk_id + "\n");
  }
  cut(image("stick.img")->partitions[0]);
  std::string conf = shell("mcopy -i part ::boot/entries/default.conf -");
  EXPECT_TRUE(conf.contains("root uuid:" + entry().root_names.id + "\n")) << conf;
  // /init looks for USBSWAP by itself, and for no other name.
  EXPECT_TRUE(conf.contains("swap label:my-swap\n")) << conf;
}

TEST_F(StickShapes, PartitionsHaveIdsOfTheirOwn) {
  request.layout.swap_size = request.layout.data_size = 20 * kMiB;
  entry().root_form = RootForm::partition;
  for (PartitionTable table : {PartitionTable::mbr, PartitionTable::gpt}) {
    request.layout.table = table;
    auto result = image("stick.img");
    ASSERT_TRUE(result) << result.error().what;
    std::string ids;
    for (const StickPartition& partition : result->partitions) ids += partition.partition_id + "\n";
    EXPECT_EQ(shell("partx -g -o UUID stick.img"), ids);
    shell("sort -u <<'.' >ids\n" + ids + ".\ntest $(wc -l <ids) = 4");
    EXPECT_EQ(image("again.img")->partitions[3].partition_id, result->partitions[3].partition_id);
    request.layout.swap_size += kMiB;
    EXPECT_NE(image("again.img")->partitions[0].partition_id, result->partitions[0].partition_id);
  }
}

TEST_F(StickShapes, IdsOfPartitionsMayBeGiven) {
  StickLayout& layout = request.layout;
  layout.table = PartitionTable::gpt;
  layout.swap_size = layout.data_size = 20 * kMiB;
  entry().root_form = RootForm::partition;
  layout.boot_partition_id = "bbbbbbbb-0000-4000-8000-000000000001";
  entry().root_names.partition_id = "bbbbbbbb-0000-4000-8000-000000000002";
  layout.swap.partition_id = "bbbbbbbb-0000-4000-8000-000000000003";
  layout.data.partition_id = "bbbbbbbb-0000-4000-8000-000000000004";
  ASSERT_TRUE(image("stick.img"));
  EXPECT_EQ(
      shell("partx -g -o UUID stick.img"),
      fmt::format("{}\n{}\n{}\n{}\n", layout.boot_partition_id, entry().root_names.partition_id,
                  layout.swap.partition_id, layout.data.partition_id));
}

TEST_F(StickShapes, ARootImageByItsGivenName) {
  entry().root_names = {"mine", "aaaaaaaa-0000-4000-8000-000000000003"};
  auto result = image("stick.img");
  ASSERT_TRUE(result) << result.error().what;
  cut(result->partitions[0]);
  shell("mcopy -i part ::boot/default/root.img root.img");
  std::string found = shell("blkid -p -s LABEL -s UUID -o value root.img | sort");
  EXPECT_EQ(found, "aaaaaaaa-0000-4000-8000-000000000003\nmine\n");
}

TEST_F(StickShapes, NamesThatCannotBe) {
  const StickRequest usual = request;
  auto refused = [&](const std::function<void(StickRequest&)>& change) {
    request = usual;
    change(request);
    auto result = image("stick.img");
    bool usage = !result && result.error().code == Code::usage;
    EXPECT_TRUE(usage) << (result ? "made" : result.error().what);
  };
  refused([](StickRequest& r) { r.layout.boot_label = "TWELVELETTER"; });
  refused([](StickRequest& r) { r.layout.boot_label = "two words"; });
  refused([](StickRequest& r) { r.layout.boot_label = ""; });
  refused([](StickRequest& r) { r.entries[0].root_names.label = "seventeen-letters"; });
  refused([](StickRequest& r) { r.entries[0].root_names.id = "0123"; });
  refused([](StickRequest& r) { r.layout.swap.label = "without-swap"; });
  refused([](StickRequest& r) { r.layout.data.id = "aaaaaaaa-0000-4000-8000-000000000002"; });
  refused([](StickRequest& r) { r.layout.disk_id = "0x1badcaf"; });
  refused([](StickRequest& r) { r.layout.disk_id = "00000000"; });
  refused([](StickRequest& r) {
    r.layout.table = PartitionTable::gpt;
    r.layout.disk_id = "0x1badcafe";
  });
  refused([](StickRequest& r) {
    r.layout.table = PartitionTable::none;
    r.layout.disk_id = "0x1badcafe";
  });
  const std::string partition = "bbbbbbbb-0000-4000-8000-000000000001";
  refused([&](StickRequest& r) { r.layout.boot_partition_id = partition; });  // of an MBR
  refused([&](StickRequest& r) {
    r.layout.table = PartitionTable::gpt;
    r.layout.swap.partition_id = partition;  // there is none
  });
  refused([&](StickRequest& r) {
    r.layout.table = PartitionTable::gpt;
    r.entries[0].root_names.partition_id = partition;  // an image
  });
  refused([](StickRequest& r) {
    r.layout.table = PartitionTable::gpt;
    r.layout.boot_partition_id = "1badcafe-01";
  });
  refused([&](StickRequest& r) {
    r.layout.table = PartitionTable::gpt;
    r.layout.boot_partition_id = r.layout.data.partition_id = partition;
    r.layout.data_size = 16 * kMiB;
  });
  refused([](StickRequest& r) {
    r.entries[0].root_names.id = "aaaaaaaa-0000-4000-8000-000000000003";
    r.entries.push_back(r.entries[0]);
    r.entries[1].name = "second";
  });
  EXPECT_FALSE(exists("stick.img"));
}

TEST_F(StickShapes, AStickTooLargeToCheckIsAFinding) {
  request.board.ram_size.value = 2 * kMiB - 4096;
  request.layout.data_size = 1024 * kMiB;
  ASSERT_TRUE(image("stick.img"));
  EXPECT_FALSE(findings.has("STK001"));
  request.layout.data_size += kMiB;
  ASSERT_TRUE(image("stick.img"));
  EXPECT_TRUE(findings.has("STK001"));
}

TEST_F(StickShapes, BlockMapSufficesOnAUsedStick) {
  request.layout.swap_size = 4 * kMiB;
  request.layout.data_size = 64 * kMiB;
  for (PartitionTable table : {PartitionTable::mbr, PartitionTable::gpt}) {
    request.layout.table = table;
    auto result = image("stick.img");
    ASSERT_TRUE(result) << result.error().what;
    copy_mapped();
    std::filesystem::rename(path("target"), path("stick.img"));
    shell("sfdisk --verify stick.img");
    cut(result->partitions[0]);
    shell(
        "fsck.fat -n part; mcopy -i part ::boot/default/root.img root.img; "
        "e2fsck -fn root.img");
    EXPECT_EQ(cut(result->partitions[1]), sorted(result->partitions[1], "swap"));
    cut(result->partitions[2]);
    shell("e2fsck -fn part; rm root.img part");
  }
}

TEST_F(StickShapes, BlockMapLeavesFreeRoomOut) {
  request.layout.data_size = 512 * kMiB;
  auto result = image("stick.img");
  ASSERT_TRUE(result) << result.error().what;
  std::string map = read("stick.img.bmap");
  std::size_t count = map.find("<MappedBlocksCount> ");
  ASSERT_NE(count, std::string::npos);
  EXPECT_LT(std::stoull(map.substr(count + 20)) * 4096, result->image_size / 5);
}

TEST_F(StickShapes, FolderHasNoPartitions) {
  entry().root_form = RootForm::partition;
  EXPECT_EQ(tree("folder").error().code, Code::usage);
  entry().root_form = RootForm::image;
  request.layout.swap_size = kMiB;
  EXPECT_EQ(tree("folder").error().code, Code::usage);
  EXPECT_FALSE(exists("folder"));
}

}  // namespace
}  // namespace trxkit::boot
