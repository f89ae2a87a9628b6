// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include <algorithm>
#include <cstdio>

#include <gtest/gtest.h>
#include <sys/wait.h>

#include "tests/unit/archive/tree_text.h"

namespace trxkit::archive {
namespace {

using Archives = ArchiveTest;

constexpr const char* kMakeTree =
    "mkdir -p t/a/b && printf abc > t/a/file && ln -s ../x t/a/link && ln t/a/file t/a/second && "
    "chmod 4755 t/a/file && mkfifo t/pipe";

constexpr const char* kListing =
    "directory  755 0:0\n"
    "directory a 755 0:0\n"
    "directory a/b 755 0:0\n"
    "file a/file 4755 0:0 3 'abc'\n"
    "symlink a/link 777 0:0 -> ../x\n"
    "hard link a/second 4755 0:0 -> a/file\n"
    "fifo pipe 644 0:0\n";

std::vector<std::string> sorted(const std::string& listing) {
  std::istringstream stream(listing);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  std::ranges::sort(lines);
  return lines;
}

constexpr const char* kTar = "tar -C t --sort=name --owner=0 --group=0 --numeric-owner ";

TEST_F(Archives, EveryCompressionOfTarGivesTheSameTree) {
  shell(kMakeTree);
  shell(std::string(kTar) + "-cf t.tar .");
  EXPECT_EQ(text_of_file("t.tar"), kListing);
  for (const char* compressor : {"gzip", "bzip2", "xz", "xz --format=lzma", "zstd -q", "lz4 -q"}) {
    shell(std::string(compressor) + " < t.tar > t.compressed");
    EXPECT_EQ(text_of_file("t.compressed"), kListing) << compressor;
  }
}

TEST_F(Archives, EveryDialectOfTarGivesTheSameTree) {
  shell(kMakeTree);
  for (const char* format : {"gnu", "pax", "ustar"}) {
    shell(fmt::format("{} --format={} -cf t.tar .", kTar, format));
    EXPECT_EQ(text_of_file("t.tar"), kListing) << format;
  }
}

TEST_F(Archives, EveryDialectOfCpioGivesTheSameTree) {
  shell(kMakeTree);
  for (const char* format : {"newc", "crc", "odc", "bin"}) {
    shell(fmt::format("cd t && find . | LC_ALL=C sort | cpio --quiet -R 0:0 -o -H {} > ../t.cpio",
                      format));
    EXPECT_EQ(sorted(text_of_file("t.cpio")), sorted(kListing)) << format;
  }
  shell("gzip t.cpio");
  EXPECT_EQ(sorted(text_of_file("t.cpio.gz")), sorted(kListing));
}

// GNU cpio puts the contents of a file with several names behind the last one (and that last one's
// name before the others').
TEST_F(Archives, CpioLinksHaveTheirContents) {
  shell(
      "umask 022; mkdir t && echo abc > t/x && ln t/x t/b && ln t/x t/z && touch t/e && "
      "ln t/e t/f && echo n > t/n && cd t && printf '%s\\n' . b e f n x z |"
      "cpio --quiet -R 0:0 -o -H newc > ../t.cpio");
  EXPECT_EQ(text_of_file("t.cpio"),
            "directory  755 0:0\n"
            "file n 644 0:0 2 'n\n'\n"
            "file x 644 0:0 4 'abc\n'\n"
            "hard link b 644 0:0 -> x\n"
            "hard link z 644 0:0 -> x\n"
            "file e 644 0:0 0 ''\n"
            "hard link f 644 0:0 -> e\n");
}

TEST_F(Archives, EveryCutOfACpioIsSeen) {
  shell(kMakeTree);
  shell("cd t && find . | cpio --quiet -o -H newc > ../t.cpio");
  std::string whole = read("t.cpio");
  std::size_t end = whole.find("TRAILER!!!") + 10;
  for (std::size_t size = 0; size < end; size += 13) {
    write("cut.cpio", whole.substr(0, size));
    EXPECT_TRUE(text_of_file("cut.cpio").contains("error")) << size;
  }
  write("two.cpio", whole + whole);
  EXPECT_TRUE(text_of_file("two.cpio").contains("more data behind the end of the cpio"));
}

constexpr const char* kPackageListing =
    "directory  755 0:0\n"
    "directory usr 755 0:0\n"
    "file usr/tool 755 0:0 5 'tool\n'\n";

// OpenWrt scripts/ipkg-build: a tar.gz of debian-binary, data and control; older ones and Debian's
// are an ar.
TEST_F(Archives, PackagesGiveTheirData) {
  shell(
      "umask 022; mkdir -p d/usr c && echo tool > d/usr/tool && chmod 755 d/usr/tool && echo 2.0 "
      "> debian-binary && "
      "echo Package: x > c/control && "
      "tar --owner=0 --group=0 --sort=name -C d -czf data.tar.gz . && tar -C c -czf control.tar.gz "
      ". &&"
      "tar -czf t.ipk ./debian-binary ./data.tar.gz ./control.tar.gz &&"
      "tar --format=gnu -czf bare.ipk debian-binary control.tar.gz data.tar.gz &&"
      "ar rc t.deb debian-binary control.tar.gz data.tar.gz &&"
      "gunzip -c data.tar.gz | xz > data.tar.xz && "
      "ar rc xz.deb debian-binary control.tar.gz data.tar.xz &&"
      "tar -czf no.ipk debian-binary control.tar.gz");
  for (const char* name : {"t.ipk", "bare.ipk", "t.deb", "xz.deb"}) {
    EXPECT_EQ(text_of_file(name), kPackageListing) << name;
  }
  EXPECT_EQ(text_of_file("no.ipk"), "error: is a package without a data.tar");
  // Cut behind the data: the part that we do not need is missing.
  for (std::size_t missing : {1u, 30u, 200u, 400u}) {
    for (const char* name : {"t.ipk", "t.deb"}) {
      std::string whole = read(name);
      write("cut", whole.substr(0, whole.size() - missing));
      EXPECT_TRUE(text_of_file("cut").contains("error")) << name << " " << missing;
    }
  }
}

TEST_F(Archives, StandardInputIsSpooled) {
  shell(kMakeTree);
  shell(std::string(kTar) + "-cf t.tar . && tar2sqfs -q -f t.squashfs < t.tar");
  for (const char* name : {"t.tar", "t.squashfs"}) {
    FILE* file = fopen(path(name).c_str(), "r");
    env.in = fileno(file);
    env.in_was_read->clear();
    auto source = open_source("-", env);
    ASSERT_TRUE(source) << source.error().what;
    EXPECT_EQ(text_of(**source), kListing) << name;
    EXPECT_EQ(text_of(**source), kListing) << name;
    fclose(file);
  }
}

TEST_F(Archives, AReaderThatIsLeftEarlyLeavesNoProgram) {
  shell(
      "mkdir t && for i in 1 2 3 4 5 6 7 8 9; do head -c 200000 /dev/urandom > t/$i; done && "
      "mksquashfs t t.squashfs -noappend -quiet");
  auto source = open_source(path("t.squashfs"), env);
  {
    auto reader = (*source)->open();
    ASSERT_TRUE((*reader)->next());
  }
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);  // no child is left
}

TEST_F(Archives, SquashfsKeepsItsRoot) {
  shell(kMakeTree);
  shell("chmod 711 t && mksquashfs t t.squashfs -all-root -noappend -quiet");
  std::string expected = kListing;
  expected.replace(expected.find("755"), 3, "711");
  EXPECT_EQ(text_of_file("t.squashfs"), expected);
}

}  // namespace
}  // namespace trxkit::archive
