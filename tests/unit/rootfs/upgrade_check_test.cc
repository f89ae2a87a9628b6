// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/rootfs/upgrade_check.h"

#include "tests/unit/rootfs/fixtures.h"

namespace trxkit::rootfs {
namespace {

struct UpgradeCheck : test::Scratch {
  std::map<std::string, test::SeenEntry> add(const UpgradeScripts& scripts,
                                             const std::string& board = "belkin-f7d7301") {
    archive::MemoryTree tree("ours", 0);
    findings = {};
    auto added =
        add_upgrade_check(tree, scripts, *board::load_board(board, env), {}, env, findings);
    EXPECT_TRUE(added);
    return test::read_tree(tree);
  }

  // Whether the check, read after one that takes everything, takes the file `image`.
  bool takes(const std::string& image) {
    auto tree = add({.program = true, .folder = true});
    write("check.sh", tree["lib/upgrade/zz-usbboot.sh"].contents);
    write("image", image);
    return shell(
               "platform_check_image() { return 0; }\n. ./check.sh\n"
               "platform_check_image ./image >said && echo taken || echo refused") == "taken\n";
  }

  Findings findings;
};

TEST_F(UpgradeCheck, DemandsTheMagicOfTheBoard) {
  EXPECT_TRUE(takes("\x22\x03\x10\x20 and more"));
  EXPECT_FALSE(takes("HDR0 and more"));
  EXPECT_TRUE(read("said").contains("0x20100322"));
  EXPECT_FALSE(takes(""));
  EXPECT_TRUE(findings.has("FSR040"));
}

TEST_F(UpgradeCheck, LeavesBoardsAloneThatStartHdr0) {
  EXPECT_TRUE(add({.program = true, .folder = true}, "asus-rt-n16").empty());
  EXPECT_TRUE(add({}).empty());
  EXPECT_TRUE(findings.list().empty());
}

TEST_F(UpgradeCheck, SysupgradeOfAnotherKindIsNamed) {
  EXPECT_TRUE(add({.program = true}).empty());
  EXPECT_TRUE(findings.has("FSR041"));
}

}  // namespace
}  // namespace trxkit::rootfs
