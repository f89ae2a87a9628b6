// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Sticks, images and trees that are sound, and each way in which they are not. Damage is done with
// mtools, debugfs, sfdisk and dd.
#include "lib/boot/check_stick.h"

#include <algorithm>

#include <gmock/gmock.h>

#include "tests/unit/boot/stick_fixture.h"
#include "tests/unit/program_fixture.h"

namespace trxkit::boot {
namespace {

using ::testing::HasSubstr;

class CheckStick : public Stick {
 public:
  /// The codes on `name` that are not about the kernel, joined; "!" and the message of an error.
  std::string codes(const std::string& name, const std::string& board = "") {
    auto result = check_stick({path(name), board}, env, progress);
    if (!result) return "!" + result.error().what;
    last = std::move(*result);
    std::string text;
    for (const Finding& finding : last.findings.list()) {
      if (finding.code.starts_with("ELF") && finding.severity != Severity::error) continue;
      text += (text.empty() ? "" : " ") + finding.code;
    }
    return text;
  }
  std::string message() const {
    for (const Finding& finding : last.findings.list()) {
      if (finding.code.starts_with("STK")) return finding.where.text() + " " + finding.message;
    }
    return "";
  }
  /// A stick image, and in `boot` the options with which mtools reach its file system.
  void make_stick(const std::string& name = "stick.img") {
    entry().command_line = "mem=64M";
    auto made = image(name);
    ASSERT_TRUE(made) << made.error().what;
  }
  void make_tree() {
    entry().command_line = "mem=64M";
    auto made = tree("tree");
    ASSERT_TRUE(made) << made.error().what;
  }
  std::string mtools(const std::string& program, const std::string& arguments) {
    return shell(program + " -i stick.img@@1M " + arguments);
  }

  StickCheckResult last;
};

TEST_F(CheckStick, SoundOnes) {
  make_stick();
  EXPECT_EQ(codes("stick.img"), "");
  EXPECT_EQ(last.board, "qemu-malta");
  EXPECT_EQ(last.partition_table, "mbr");
  EXPECT_EQ(last.volume.type, "fat32");
  EXPECT_EQ(last.volume.label, "USBBOOT");
  ASSERT_TRUE(last.entries.contains("default"));
  EXPECT_EQ(last.entries["default"]["medium"], last.volume.id);
  request.layout.filesystem = BootFilesystem::ext4;
  make_stick("ext4.img");
  EXPECT_EQ(codes("ext4.img"), "");
  EXPECT_EQ(last.volume.type, "ext4");
  make_tree();
  EXPECT_EQ(codes("tree"), "");
  EXPECT_EQ(codes("tree/boot"), "");
  EXPECT_EQ(last.kind, "folder");
}

TEST_F(CheckStick, NothingIsWritten) {
  make_stick();
  shell("cp stick.img before.img; chmod a-w stick.img");
  codes("stick.img");
  shell("cmp stick.img before.img");
  EXPECT_EQ(shell("ls -A | grep -v '^\\.shell$' | grep -c trxkit || true"), "0\n");
}

TEST_F(CheckStick, NothingToBoot) {
  write("noise", std::string(1 << 20, 'x'));
  EXPECT_EQ(codes("noise"), "STK032 STK030");
  write("empty/readme", "nothing here\n");
  EXPECT_EQ(codes("empty"), "STK030");
  EXPECT_THAT(codes("none"), HasSubstr("!"));
  make_stick();
  mtools("mdel", "::boot/boot.sh");
  EXPECT_EQ(codes("stick.img"), "STK030");
}

TEST_F(CheckStick, FilesOtherThanTheManifestsSay) {
  make_stick();
  write("script", "echo mine\n");
  mtools("mcopy", "-o script ::boot/boot.sh");
  EXPECT_EQ(codes("stick.img"), "STK037");
  EXPECT_THAT(message(), HasSubstr("boot/boot.sh is not what was written"));
  make_stick("stick.img");
  mtools("mdel", "::boot/default/root.img");
  EXPECT_EQ(codes("stick.img"), "STK036 STK036");
  make_tree();
  write("tree/boot/default/vmlinux.elf", "no kernel");
  EXPECT_EQ(codes("tree"), "STK037 STK037 STK037");
  write("tree/boot/default/more.txt", "mine");
  EXPECT_EQ(codes("tree"), "STK037 STK037 STK043 STK037");
}

TEST_F(CheckStick, AChangedRootIsANote) {
  make_tree();
  shell("echo more > more; debugfs -w -R 'write more more' tree/boot/default/root.img");
  EXPECT_EQ(codes("tree"), "STK038");
  EXPECT_TRUE(last.findings.passed(true));
}

TEST_F(CheckStick, FileSystems) {
  make_tree();
  shell("debugfs -w -R 'clri sbin/init' tree/boot/default/root.img");
  EXPECT_EQ(codes("tree"), "STK038 STK031");
  shell("debugfs -w -R 'ssv state 0' tree/boot/default/root.img");
  EXPECT_EQ(codes("tree"), "STK038 STK033");
}

TEST_F(CheckStick, DamagedFat) {
  make_stick();
  shell("printf '\\001' | dd of=stick.img bs=1 seek=$((1048576 + 0x41)) conv=notrunc");
  EXPECT_EQ(codes("stick.img"), "STK033");
  shell("printf '\\000' | dd of=stick.img bs=1 seek=$((1048576 + 0x41)) conv=notrunc");
  shell(
      "printf '\\177\\1\\1\\0' | dd of=stick.img bs=1 seek=$((1048576 + 32 * 512 + 4000)) "
      "conv=notrunc");
  EXPECT_EQ(codes("stick.img"), "STK031");
}

TEST_F(CheckStick, CheckersThatAreMissing) {
  make_tree();
  env.search_path = path("no-programs");
  EXPECT_EQ(codes("tree"), "STK032");
  EXPECT_THAT(message(), HasSubstr("e2fsck"));
}

TEST_F(CheckStick, Manifests) {
  make_tree();
  shell("rm tree/boot/manifest.json");
  EXPECT_EQ(codes("tree"), "STK035");
  shell("rm tree/boot/boot.manifest");
  EXPECT_EQ(codes("tree"), "STK035 STK036");
  write("tree/boot/boot.sh", "mine\n");
  EXPECT_EQ(codes("tree"), "STK035 STK036 STK044");
  write("tree/boot/manifest.json", "{ \"contents\": [ {} ] }");
  EXPECT_THAT(codes("tree"), HasSubstr("STK034"));
  write("tree/boot/manifest.json", "not JSON");
  EXPECT_THAT(codes("tree"), HasSubstr("STK034"));
}

TEST_F(CheckStick, OtherBoards) {
  make_tree();
  EXPECT_THAT(codes("tree", "asus-rt-n16"), HasSubstr("STK039"));
  EXPECT_THAT(codes("tree", "no-such-board"), HasSubstr("!"));
  shell("sed -i 's/^board .*/board asus-rt-n16/' tree/boot/boot.manifest");
  EXPECT_EQ(codes("tree"), "STK039");
}

// Whoever made the tree does not choose which files of the host are read.
TEST_F(CheckStick, ManifestNamesNoBoardFile) {
  auto judges_kernels = [this] {
    codes("tree");
    return std::ranges::any_of(last.findings.list(), [](const Finding& finding) {
      return finding.code.starts_with("ELF");
    });
  };
  make_tree();
  EXPECT_TRUE(judges_kernels());
  shell("sed -i 's|qemu-malta|" + test::source_directory() + "/boards/qemu-malta.toml|' " +
        "tree/boot/boot.manifest tree/boot/manifest.json");
  EXPECT_FALSE(judges_kernels());
}

TEST_F(CheckStick, Entries) {
  make_tree();
  shell("sed -i '/^kernel/d; /^root/d' tree/boot/entries/default.conf");
  EXPECT_EQ(codes("tree"), "STK037 STK040");
  shell("rm -r tree/boot/entries; sed -i '/entries/d' tree/boot/boot.manifest");
  shell(
      "python3 -c \"import json; p = 'tree/boot/manifest.json'; j = json.load(open(p)); "
      "j['contents'] = [c for c in j['contents'] if 'entries' not in c['name']]; "
      "json.dump(j, open(p, 'w'))\"");
  EXPECT_EQ(codes("tree"), "STK041");
  make_stick();
  write("own.conf", "title own\nmedium 0000-0001\nkernel default/none.elf\n");
  mtools("mcopy", "own.conf ::boot/entries/own.conf");
  EXPECT_EQ(codes("stick.img"), "STK036 STK042 STK043");
}

TEST_F(CheckStick, AnEntryThatIsMarkedAsTried) {
  make_tree();
  write("tree/boot/tried", "default\n");
  EXPECT_EQ(codes("tree"), "STK045");
  EXPECT_THAT(message(), HasSubstr("default"));
}

TEST_F(CheckStick, PartitionTables) {
  make_stick();
  shell("dd if=stick.img of=stick.fs bs=1M skip=1 conv=sparse status=none");
  EXPECT_EQ(codes("stick.fs"), "");
  EXPECT_EQ(last.partition_table, "none");
  shell(
      "truncate -s $(($(stat -c %s stick.fs) + 2097152)) gpt.img; "
      "printf 'label: gpt\\nstart=2048, size=%d, type=L\\n' $(($(stat -c %s stick.fs) / 512)) | "
      "/usr/sbin/sfdisk -q gpt.img; "
      "dd if=stick.fs of=gpt.img bs=1M seek=1 conv=notrunc,sparse status=none");
  EXPECT_EQ(codes("gpt.img"), "");
  EXPECT_EQ(last.partition_table, "gpt");
  shell("printf x | dd of=gpt.img bs=1 seek=1030 conv=notrunc");
  EXPECT_EQ(codes("gpt.img"), "STK046");
  EXPECT_THAT(message(), HasSubstr("gpt.img@0x200"));
  shell("truncate -s 2M stick.img");
  EXPECT_EQ(codes("stick.img"), "STK046");
}

TEST_F(CheckStick, KernelsAreJudged) {
  make_stick();
  EXPECT_THAT(codes("stick.img", "belkin-f7d7301"), HasSubstr("STK039"));
  bool named = false;
  for (const Finding& finding : last.findings.list()) {
    if (finding.code.starts_with("ELF")) {
      named = true;
      EXPECT_EQ(finding.where.file, path("stick.img") + ":/boot/default/vmlinux.elf");
    }
  }
  EXPECT_TRUE(named);
}

/// Sticks whose kernel has no floating point, and whose root is exchanged for one that needs it.
class CheckStickFloat : public CheckStick {
 public:
  CheckStickFloat() {
    std::string config = "CONFIG_MIPS_MALTA=y\n# CONFIG_MIPS_FP_SUPPORT is not set\n";
    for (const char* option :
         {"BINFMT_ELF", "BINFMT_SCRIPT", "BLK_DEV_INITRD", "RD_GZIP", "SQUASHFS", "SQUASHFS_XZ"}) {
      config += fmt::format("CONFIG_{}=y\n", option);
    }
    write("config", config);
    shell("gzip -9n < config > config.gz");
    auto kernel = test::sound_kernel(0x80100000, "malta");
    test::carry_config(kernel, read("config.gz"));
    write("vmlinux", kernel.bytes());
    write("root/bin/busybox", test::program_with(test::kSoftFloat));
    write("hard", test::program_with(test::kDoublesInRegisters));
  }
  /// Puts the program in the ext4 file system `volume`, as debugfs names it.
  void harden(const std::string& volume) {
    shell("printf 'rm bin/busybox\\nwrite hard bin/busybox\\n' > commands");
    shell("debugfs -w -f commands '" + volume + "'");
  }
};

TEST_F(CheckStickFloat, RootImageOnATree) {
  make_tree();
  EXPECT_EQ(codes("tree"), "");
  harden("tree/boot/default/root.img");
  EXPECT_EQ(codes("tree"), "STK038 ELF042");
  shell("debugfs -w -R 'ssv state 0' tree/boot/default/root.img");
  EXPECT_EQ(codes("tree"), "STK038 STK033") << "in use: not looked into";
}

TEST_F(CheckStickFloat, RootImageOnAStick) {
  make_stick();
  EXPECT_EQ(codes("stick.img"), "");
  mtools("mcopy", "::boot/default/root.img .");
  harden("root.img");
  mtools("mcopy", "-o root.img ::boot/default/root.img");
  EXPECT_EQ(codes("stick.img"), "STK038 ELF042");
}

TEST_F(CheckStickFloat, RootInAPartition) {
  entry().root_form = RootForm::partition;
  make_stick();
  EXPECT_EQ(codes("stick.img"), "");
  std::string start = shell(
      "/usr/sbin/sfdisk -J stick.img | python3 -c 'import json, sys; "
      "print(json.load(sys.stdin)[\"partitiontable\"][\"partitions\"][1]"
      "[\"start\"] * 512, end=\"\")'");
  harden("stick.img?offset=" + start);
  EXPECT_EQ(codes("stick.img"), "ELF042");
}

TEST_F(CheckStickFloat, SquashfsAndWhatIsNoRoot) {
  entry().root_form = RootForm::squashfs;
  write("root/bin/busybox", test::program_with(test::kSoftFloat));
  make_tree();
  EXPECT_EQ(codes("tree"), "STK032");
  shell(
      "head -c 100 tree/boot/default/root.squashfs > cut; "
      "mv cut tree/boot/default/root.squashfs");
  EXPECT_THAT(codes("tree"), HasSubstr("STK037"));
  EXPECT_THAT(codes("tree"), HasSubstr("STK032"));
  shell("/usr/bin/mksquashfs root tree/boot/default/root.squashfs -noappend -comp gzip -quiet");
  EXPECT_THAT(codes("tree"), HasSubstr("ELF043")) << "packed in a way that this kernel cannot read";
}

}  // namespace
}  // namespace trxkit::boot
