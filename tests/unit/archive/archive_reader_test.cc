// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include <gtest/gtest.h>

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

TEST_F(Archives, SquashfsKeepsItsRoot) {
  shell(kMakeTree);
  shell("chmod 711 t && mksquashfs t t.squashfs -all-root -noappend -quiet");
  std::string expected = kListing;
  expected.replace(expected.find("755"), 3, "711");
  EXPECT_EQ(text_of_file("t.squashfs"), expected);
}

}  // namespace
}  // namespace trxkit::archive
