// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/system/unnamed_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/scratch.h"

namespace trxkit {
namespace {

using UnnamedFiles = test::Scratch;

TEST_F(UnnamedFiles, HaveContentsButNoName) {
  auto file = unnamed_file(folder);
  ASSERT_TRUE(file) << file.error().what;
  EXPECT_TRUE(std::filesystem::is_empty(folder));
  ASSERT_EQ(::write(file->get(), "said", 4), 4);
  char said[8] = {};
  EXPECT_EQ(pread(file->get(), said, sizeof(said), 0), 4);
  EXPECT_STREQ(said, "said");
  struct stat status{};
  ASSERT_EQ(fstat(file->get(), &status), 0);
  EXPECT_EQ(status.st_nlink, 0u);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  EXPECT_EQ(fcntl(file->get(), F_GETFD), FD_CLOEXEC);
}

TEST_F(UnnamedFiles, NeedAFolder) {
  auto file = unnamed_file(path("absent"));
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, Code::io);
  EXPECT_EQ(file.error().where.file, path("absent"));
}

}  // namespace
}  // namespace trxkit
