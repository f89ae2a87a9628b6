// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Boot trees that are signed, and what check says to each way in which a router would refuse them.
// signify-openbsd of the host is the other reader.
#include "lib/boot/sign_tree.h"

#include <gmock/gmock.h>

#include "lib/boot/check_stick.h"

#include "tests/unit/boot/stick_fixture.h"

namespace trxkit::boot {
namespace {

using ::testing::HasSubstr;

class Trust : public Stick {
 public:
  Trust() {
    shell(
        "signify-openbsd -G -n -p own.pub -s own.sec; signify-openbsd -G -n -p foreign.pub "
        "-s foreign.sec");
    entry().command_line = "mem=64M";
  }
  void make_tree(const std::string& key = "") {
    request.sign_key = key.empty() ? "" : path(key);
    auto made = tree("tree");
    ASSERT_TRUE(made) << made.error().what;
  }
  Result<SignResult> sign(std::optional<std::uint64_t> build = {},
                          const std::string& key = "own.sec",
                          const std::string& folder_name = "tree") {
    return sign_tree({path(folder_name), path(key), build}, env);
  }
  bool verifies(const std::string& key = "own.pub") {
    std::string said = shell("signify-openbsd -V -q -p " + key +
                             " -m tree/boot/boot.manifest -x tree/boot/boot.manifest.sig "
                             "&& echo good || true");
    return said.ends_with("good\n");
  }
  /// The codes of check on the tree but for what it says about the kernel.
  std::string codes(const std::string& key = "own.pub",
                    std::optional<std::uint64_t> minimum = std::nullopt) {
    TrustDemand demand{key.empty() ? "" : path(key), minimum};
    auto result = check_stick({path("tree"), "", demand}, env, progress);
    if (!result) return "!" + result.error().what;
    std::string text;
    for (const Finding& finding : result->findings.list()) {
      if (finding.code.starts_with("ELF")) continue;
      text += (text.empty() ? "" : " ") + finding.code;
    }
    return text;
  }
};

TEST_F(Trust, SignedWhileItIsMade) {
  request.build = 41;
  make_tree("own.sec");
  EXPECT_TRUE(verifies());
  EXPECT_FALSE(verifies("foreign.pub"));
  EXPECT_THAT(read("tree/boot/boot.manifest"), HasSubstr("build 41\n"));
  EXPECT_EQ(codes(), "");
  EXPECT_EQ(codes("own.pub", 41), "");
}

TEST_F(Trust, SignedLaterAndWithAnotherBuild) {
  make_tree();
  EXPECT_THAT(read("tree/boot/boot.manifest"), HasSubstr("build 1700000000\n"));
  ASSERT_TRUE(sign());
  EXPECT_TRUE(verifies());
  SignResult again = sign(7, "own.sec", "tree/boot").value();
  EXPECT_EQ(again.contents.build, 7u);
  EXPECT_TRUE(verifies());
  EXPECT_THAT(read("tree/boot/boot.manifest"), HasSubstr("build 7\n"));
  EXPECT_EQ(codes(), "");
}

TEST_F(Trust, AnImageIsSignedToo) {
  request.sign_key = path("own.sec");
  auto made = image("stick.img");
  ASSERT_TRUE(made) << made.error().what;
  shell(
      "mcopy -i stick.img@@1M ::boot/boot.manifest m; mcopy -i stick.img@@1M "
      "::boot/boot.manifest.sig m.sig; signify-openbsd -V -q -p own.pub -m m");
  auto result = check_stick({path("stick.img"), "", {path("own.pub"), {}}}, env, progress).value();
  EXPECT_FALSE(result.findings.has("SIG001"));
}

TEST_F(Trust, AnUnsignedUpdateTakesTheSignatureAway) {
  make_tree("own.sec");
  make_tree();
  EXPECT_FALSE(exists("tree/boot/boot.manifest.sig"));
}

TEST_F(Trust, EqualRequestsGiveEqualSignatures) {
  make_tree("own.sec");
  std::string first = read("tree/boot/boot.manifest.sig");
  shell("rm -r tree");
  make_tree("own.sec");
  EXPECT_EQ(read("tree/boot/boot.manifest.sig"), first);
}

TEST_F(Trust, DamagedTreesAreNotSigned) {
  make_tree();
  shell("echo >> tree/boot/boot.sh");
  auto refused = sign();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::refused);
  EXPECT_THAT(refused.error().where.file, HasSubstr("boot.sh"));
  shell("rm tree/boot/boot.sh");
  EXPECT_EQ(sign().error().code, Code::refused);
  EXPECT_FALSE(exists("tree/boot/boot.manifest.sig"));
}

TEST_F(Trust, WhatCannotBeSigned) {
  EXPECT_EQ(sign({}, "own.sec", "none").error().code, Code::bad_input);
  make_tree();
  EXPECT_EQ(sign({}, "own.pub").error().code, Code::bad_input);
  EXPECT_EQ(sign({}, "none.sec").error().code, Code::io);
  EXPECT_EQ(sign(std::uint64_t{1} << 31).error().code, Code::usage);
  request.build = std::uint64_t{1} << 31;
  EXPECT_EQ(tree("other").error().code, Code::usage);
  request.build = {};
  request.sign_key = path("own.pub");
  EXPECT_EQ(tree("other").error().code, Code::bad_input);
  EXPECT_FALSE(exists("other"));
  shell("echo nonsense >> tree/boot/boot.manifest");
  EXPECT_EQ(sign().error().finding, "NET001");
}

TEST_F(Trust, SignatureMissingUnreadableForeignOrWrong) {
  make_tree();
  EXPECT_EQ(codes(), "SIG001");
  EXPECT_EQ(codes(""), "");
  write("tree/boot/boot.manifest.sig", "no signature\n");
  EXPECT_EQ(codes(), "SIG002");
  ASSERT_TRUE(sign({}, "foreign.sec"));
  EXPECT_EQ(codes(), "SIG003");
  EXPECT_EQ(codes(""), "SIG005");
  ASSERT_TRUE(sign());
  EXPECT_EQ(codes(), "");
  shell("sed -i 's/^build .*/build 9/' tree/boot/boot.manifest");
  EXPECT_EQ(codes(), "SIG004");
  EXPECT_THAT(codes("own.sec"), HasSubstr("is a secret key, not a public key"));
}

TEST_F(Trust, BuildsThatAreTooOld) {
  make_tree("own.sec");
  EXPECT_EQ(codes("own.pub", 1700000001), "NET002");
  EXPECT_EQ(codes("own.pub", 1700000000), "");
}

TEST_F(Trust, LinesThatNoRouterTakes) {
  make_tree();
  shell("echo hello >> tree/boot/boot.manifest");
  EXPECT_EQ(codes(""), "NET001");
}

TEST_F(Trust, EntriesThatASignedBootWouldRefuse) {
  make_tree();
  shell(
      "sed -i '/^kernel-sha256/d' tree/boot/entries/default.conf; "
      "sed -i '/default.conf$/d; /vmlinux/d' tree/boot/boot.manifest; rm tree/boot/manifest.json");
  ASSERT_TRUE(sign());
  std::string found = codes();
  EXPECT_THAT(found, HasSubstr("NET003 NET003"));
}

TEST(TrustedManifestText, IsReadAsItWasWritten) {
  TrustedManifest manifest{.board = "x", .build = 3};
  manifest.files = {{"boot.sh", std::string(64, 'a')}, {"http://1.2.3.4/k", std::string(64, 'b')}};
  TrustedManifest again = parse_trusted_manifest(manifest.text());
  EXPECT_TRUE(again.faults.empty());
  EXPECT_EQ(again.text(), manifest.text());
  EXPECT_EQ(again.hash_of("/boot/boot.sh"), std::string(64, 'a'));
  EXPECT_EQ(again.hash_of("http://1.2.3.4/k"), std::string(64, 'b'));
  EXPECT_EQ(again.hash_of("none"), "");
}

TEST(TrustedManifestText, FaultsNameTheirLine) {
  std::string hash(64, '0');
  struct Case {
    std::string line;
    const char* says;
  };
  for (const auto& [line, says] :
       {Case{"", "no line"}, Case{"board y", "second board"}, Case{"build 4", "second build"},
        Case{"sha256 " + hash, "no file"}, Case{"sha256 " + hash + " a b", "no file"},
        Case{"sha256 " + hash + " k\tl", "no file"}, Case{"sha256 " + hash + " k\r", "no file"},
        Case{"sha256 " + hash + " boot.sh", "second time"},
        Case{"sha256 " + std::string(64, 'G') + " k", "64"}, Case{"sha256 12 k", "64"},
        Case{"#comment", "no line"}}) {
    std::string text = "board x\nbuild 3\nsha256 " + hash + " boot.sh\n" + line + "\n";
    TrustedManifest manifest = parse_trusted_manifest(text);
    ASSERT_EQ(manifest.faults.size(), 1u) << line;
    EXPECT_EQ(manifest.faults[0].line, 4u);
    EXPECT_THAT(manifest.faults[0].what, HasSubstr(says));
  }
  for (const char* build : {"-1", "01", "2147483648", "99999999999999999999", "1x", ""}) {
    EXPECT_FALSE(parse_trusted_manifest(fmt::format("board x\nbuild {}\n", build)).build) << build;
  }
  for (const char* board : {"x\ty", "\tx", "x\r"}) {
    EXPECT_FALSE(parse_trusted_manifest(fmt::format("board {}\nbuild 1\n", board)).faults.empty());
  }
  TrustedManifest cut = parse_trusted_manifest("board x\nbuild 1");  // the router sees no build
  ASSERT_EQ(cut.faults.size(), 1u);
  EXPECT_THAT(cut.faults[0].what, HasSubstr("has no end"));
  EXPECT_EQ(parse_trusted_manifest("").faults.size(), 2u);
  EXPECT_FALSE(parse_trusted_manifest(std::string(70000, '\n')).faults.empty());
}

}  // namespace
}  // namespace trxkit::boot
