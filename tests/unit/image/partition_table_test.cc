// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Tables that sfdisk wrote, volumes that mke2fs, mkfs.fat, mformat and mkswap made.
#include "lib/image/partition_table.h"

#include "lib/image/volume_facts.h"

#include "tests/unit/scratch.h"

namespace trxkit::image {
namespace {

class PartitionTableTest : public test::Scratch {
 public:
  /// "mbr 1@1048576+2097152 ..." or the finding of the error.
  std::string table_of(const std::string& name) {
    InputFile disk = InputFile::open(path(name), env).value();
    auto table = read_partition_table(disk);
    if (!table) return table.error().finding;
    std::string text = table->kind;
    for (const FoundPartition& partition : table->partitions) {
      text += fmt::format(" {}@{}+{}", partition.number, partition.offset, partition.size);
    }
    return text;
  }
  VolumeFacts volume_of(const std::string& name, std::uint64_t offset = 0) {
    return read_volume_facts(InputFile::open(path(name), env).value(), offset).value();
  }
  std::string make_disk(const std::string& script) {
    return shell("rm -f disk; truncate -s 16M disk; printf '" + script +
                 "' | /usr/sbin/sfdisk -q disk");
  }
};

TEST_F(PartitionTableTest, Mbr) {
  make_disk("2048,4096,c\\n8192,,83\\n");
  EXPECT_EQ(table_of("disk"), "mbr 1@1048576+2097152 2@4194304+12582912");
  shell("truncate -s 8M disk");
  EXPECT_EQ(table_of("disk"), "STK046");
}

TEST_F(PartitionTableTest, Gpt) {
  make_disk("label: gpt\\nstart=2048, size=4096\\nstart=8192, size=2048\\n");
  EXPECT_EQ(table_of("disk"), "gpt 1@1048576+2097152 2@4194304+1048576");
  for (int byte : {512, 530, 600, 1024, 1200, 17000}) {
    shell(
        fmt::format("cp disk damaged; printf '\\377' | "
                    "dd of=damaged bs=1 seek={} conv=notrunc status=none",
                    byte));
    EXPECT_EQ(table_of("damaged"), "STK046") << byte;
  }
}

TEST_F(PartitionTableTest, None) {
  shell("truncate -s 16M fat ext; mformat -i fat -v ABC ::; mke2fs -q -t ext2 ext");
  EXPECT_EQ(table_of("fat"), "none 1@0+16777216");
  EXPECT_EQ(table_of("ext"), "none 1@0+16777216");
  write("short", "x");
  EXPECT_EQ(table_of("short"), "none 1@0+1");
}

TEST_F(PartitionTableTest, Volumes) {
  shell(
      "truncate -s 40M fat16 fat32 ext2 ext3 ext4 swap; "
      "/usr/sbin/mkfs.fat -F 16 -n FIRST -i 12345678 fat16 >/dev/null; "
      "/usr/sbin/mkfs.fat -F 32 -n USBBOOT -i abcdef01 fat32 >/dev/null; "
      "for t in ext2 ext3 ext4; do "
      "/usr/sbin/mke2fs -q -t $t -L $t -U 01234567-89ab-cdef-0123-456789abcdef $t; done; "
      "/usr/sbin/mkswap -q -L USBSWAP -U 01234567-89ab-cdef-0123-456789abcdef swap");
  for (const char* type : {"ext2", "ext3", "ext4", "swap"}) {
    VolumeFacts volume = volume_of(type);
    EXPECT_EQ(volume.type, type);
    EXPECT_EQ(volume.label, std::string(type) == "swap" ? "USBSWAP" : type);
    EXPECT_EQ(volume.id, "01234567-89ab-cdef-0123-456789abcdef");
    EXPECT_TRUE(volume.clean);
  }
  EXPECT_EQ(volume_of("fat16").type, "fat16");
  EXPECT_EQ(volume_of("fat16").label, "FIRST");
  EXPECT_EQ(volume_of("fat16").id, "1234-5678");
  EXPECT_EQ(volume_of("fat32").type, "fat32");
  EXPECT_EQ(volume_of("fat32").id, "ABCD-EF01");
  EXPECT_TRUE(volume_of("fat32").clean);
  shell(
      "/usr/sbin/debugfs -w -R 'ssv state 0' ext4; "
      "/usr/sbin/debugfs -w -R 'feature needs_recovery' ext3");
  EXPECT_FALSE(volume_of("ext4").clean);
  EXPECT_FALSE(volume_of("ext3").clean);
  EXPECT_EQ(volume_of("ext4", 1 << 20).type, "");
  EXPECT_EQ(volume_of("ext4", 1 << 30).type, "");
}

}  // namespace
}  // namespace trxkit::image
