// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// mkbootusb keygen, sign and check --public-key: from no key to a tree that a router takes.
#include <gmock/gmock.h>

#include "lib/core/json.h"

#include "mkbootusb/program.h"
#include "tests/unit/kernel_fixture.h"
#include "tests/unit/scratch.h"

namespace trxkit {
namespace {

using ::testing::HasSubstr;

class Signing : public test::Scratch {
 public:
  Signing() {
    test::KernelFixture program;
    program.segments = {{.address = 0x400000, .contents = std::string(8192, '\0')}};
    write("busybox", program.bytes());
    write("vmlinux", test::sound_kernel(0x80100000, "malta").bytes());
    write("root/sbin/init", "#!/bin/sh\n");
  }
  int run(std::vector<std::string> arguments) {
    for (std::string& word : arguments) {
      if (word.starts_with('@')) word = path(word.substr(1));
    }
    out.str("");
    err.str("");
    return mkbootusb_main(arguments, env);
  }
  int tree(const std::vector<std::string>& more = {}) {
    std::vector<std::string> words{"tree",     "--board",     "qemu-malta", "--kernel", "@vmlinux",
                                   "--rootfs", "@root",       "--busybox",  "@busybox", "--free",
                                   "1M",       "--directory", "@www"};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  }
};

TEST_F(Signing, FromNoKeyToACheckedTree) {
  ASSERT_EQ(run({"keygen", "-o", "@mine"}), 0) << err.str();
  EXPECT_THAT(out.str(), HasSubstr("mkflashroot --public-key"));
  EXPECT_EQ(shell("stat -c %a mine.sec mine.pub; head -n 1 mine.pub"),
            "600\n644\nuntrusted comment: mine public key\n");
  ASSERT_EQ(tree(), 0) << err.str();
  EXPECT_EQ(run({"check", "@www", "--public-key", "@mine.pub"}), 1);
  EXPECT_THAT(err.str(), HasSubstr("[SIG001]"));
  ASSERT_EQ(run({"sign", "@www", "--key", "@mine.sec", "--build", "12"}), 0) << err.str();
  EXPECT_THAT(out.str(), HasSubstr("for qemu-malta, build 12, 3 files"));
  shell("signify-openbsd -V -q -p mine.pub -m www/boot/boot.manifest");
  EXPECT_EQ(run({"check", "@www", "--public-key", "@mine.pub", "--minimum-build", "12"}), 0)
      << err.str();
  EXPECT_EQ(run({"check", "@www", "--public-key", "@mine.pub", "--minimum-build", "13"}), 1);
  EXPECT_THAT(err.str(), HasSubstr("[NET002]"));
}

TEST_F(Signing, SignedWhileItIsMade) {
  ASSERT_EQ(run({"keygen", "-o", "@mine", "--comment", "router of the house"}), 0);
  EXPECT_THAT(read("mine.sec"), HasSubstr("untrusted comment: router of the house secret key\n"));
  ASSERT_EQ(tree({"--sign-key", "@mine.sec", "--build", "3"}), 0) << err.str();
  EXPECT_EQ(run({"check", "@www", "--public-key", "@mine.pub"}), 0) << err.str();
  EXPECT_THAT(read("www/boot/boot.manifest"), HasSubstr("build 3\n"));
  EXPECT_EQ(tree({"--sign-key", "@mine.pub"}), 3);
  EXPECT_EQ(tree({"--build", "2147483648"}), 2);
}

TEST_F(Signing, KeysStay) {
  ASSERT_EQ(run({"keygen", "-o", "@mine"}), 0);
  std::string before = read("mine.sec") + read("mine.pub");
  EXPECT_EQ(run({"keygen", "-o", "@mine"}), 5);
  EXPECT_EQ(read("mine.sec") + read("mine.pub"), before);
  EXPECT_EQ(run({"keygen", "-o", "@none/mine"}), 7);
  EXPECT_EQ(run({"keygen", "-o", "@other", "--comment", "two\nlines"}), 2);
  EXPECT_EQ(run({"keygen", "-o", "-"}), 2) << "two files do not go to standard output";
  EXPECT_EQ(run({"keygen", "-o", "@keys/"}), 2);
  EXPECT_FALSE(exists("other.sec"));
}

TEST_F(Signing, Json) {
  ASSERT_EQ(run({"keygen", "-o", "@mine", "--json"}), 0);
  auto keys = Json::parse(out.str(), "stdout").value();
  ASSERT_EQ(tree(), 0);
  ASSERT_EQ(run({"sign", "@www", "--key", "@mine.sec", "--json"}), 0);
  auto signed_tree = Json::parse(out.str(), "stdout").value();
  EXPECT_EQ(*signed_tree.find("key")->text(), *keys.find("key")->text());
  EXPECT_EQ(*signed_tree.find("build")->number(), 1700000000u);
}

}  // namespace
}  // namespace trxkit
