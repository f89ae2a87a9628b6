// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include <array>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/system/file.h"

#include "tests/unit/scratch.h"

namespace trxkit {
namespace {

using InputFiles = test::Scratch;

TEST_F(InputFiles, AreReadAtOffsets) {
  auto file = InputFile::open(write("in", "0123456789"), env);
  EXPECT_EQ(file->size(), 10u);
  EXPECT_EQ(file->name(), path("in"));
  EXPECT_EQ(as_text(*file->bytes_at(8, 100)), "89");
  EXPECT_EQ(as_text(*file->bytes_at(100, 100)), "");
  EXPECT_EQ(as_text(*file->bytes_at(~0ULL, ~0ULL)), "");
  EXPECT_EQ(file->read_struct<le16>(0)->value(), 0x3130);
}

TEST_F(InputFiles, ShortOnesAreNamedWithTheirEnd) {
  auto file = InputFile::open(write("in", "0123456789"), env);
  std::array<std::byte, 4> target{};
  for (std::uint64_t offset : {7ULL, 10ULL, 11ULL, ~0ULL}) {
    auto status = file->read_at(offset, target);
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, Code::bad_input);
    EXPECT_EQ(status.error().where.file, path("in"));
  }
  EXPECT_FALSE(file->for_each_block(8, 3, [](Bytes) { return Status(); }));
  EXPECT_FALSE(file->for_each_block(~0ULL, 1, [](Bytes) { return Status(); }));
}

TEST_F(InputFiles, TemporaryOnesAreCalledByTheNameTheyWillHave) {
  auto file = InputFile::open(write(".in.tmp", "0123456789"), env).value().called("out");
  EXPECT_EQ(as_text(*file.bytes_at(8, 2)), "89");
  std::array<std::byte, 4> target{};
  EXPECT_EQ(file.read_at(8, target).error().where.text(), "out@0x8");
}

TEST_F(InputFiles, OnesThatShrinkAreAnIoError) {
  auto file = InputFile::open(write("in", "0123456789"), env);
  std::filesystem::resize_file(path("in"), 4);
  std::array<std::byte, 8> target{};
  EXPECT_EQ(file->read_at(0, target).error().code, Code::io);
}

TEST_F(InputFiles, StandardInputIsSpooledFromAPipe) {
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe(ends.data()), 0);
  ASSERT_EQ(::write(ends[1], "piped", 5), 5);
  close(ends[1]);
  env.in = ends[0];
  auto file = InputFile::open("-", env);
  close(ends[0]);
  EXPECT_EQ(file->size(), 5u);
  EXPECT_EQ(as_text(*file->bytes_at(1, 10)), "iped");
  EXPECT_EQ(as_text(*file->bytes_at(0, 10)), "piped");
  EXPECT_TRUE(std::filesystem::is_empty(folder));
}

TEST_F(InputFiles, StandardInputIsOneInputOnly) {
  FileDescriptor null(open("/dev/null", O_RDONLY));
  env.in = null.get();
  Env copy = env;
  ASSERT_TRUE(InputFile::open("-", env));
  for (const Env& again : {env, copy}) {
    auto file = InputFile::open("-", again);
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().code, Code::usage);
    EXPECT_TRUE(file.error().hint.contains("in place of -")) << file.error().hint;
  }
}

TEST_F(InputFiles, SpoolingThatFailsIsAnIoError) {
  FileDescriptor zero(open("/dev/null", O_RDONLY));
  env.in = zero.get();
  env.temporary_directory = path("absent");
  auto file = InputFile::open("-", env);
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, Code::io);
  env.temporary_directory = folder;
  env.in = -1;
  env.in_was_read->clear();
  EXPECT_EQ(InputFile::open("-", env).error().code, Code::io);
}

TEST_F(InputFiles, WhatIsNoFileIsRefused) {
  ASSERT_EQ(mkfifo(path("pipe").c_str(), 0600), 0);
  for (const std::string& name : {path(""), path("pipe"), std::string("/dev/null")}) {
    auto file = InputFile::open(name, env);
    ASSERT_FALSE(file) << name;
    EXPECT_EQ(file.error().code, Code::io);
    EXPECT_TRUE(file.error().what.contains("not a file")) << file.error().what;
  }
  auto absent = InputFile::open(path("absent"), env);
  EXPECT_EQ(absent.error().where.file, path("absent"));
}

TEST_F(InputFiles, TextHasALimit) {
  write("in", "12345");
  EXPECT_EQ(read_text_file(path("in"), env, 5).value(), "12345");
  EXPECT_EQ(read_text_file(path("in"), env, 4).error().code, Code::bad_input);
}

TEST_F(InputFiles, AreHashedAndCopiedInBlocks) {
  std::string contents(600000, 'x');
  write("in", contents);
  auto file = InputFile::open(path("in"), env);
  auto output = OutputFile::create(path("out"));
  std::size_t seen = 0;
  ASSERT_TRUE(copy_file(*file, *output, [&](Bytes bytes) { seen += bytes.size(); }));
  ASSERT_TRUE(output->commit());
  EXPECT_EQ(seen, contents.size());
  EXPECT_EQ(read("out"), contents);
  EXPECT_EQ(hex(*sha256_of(*file)) + "  in\n", shell("sha256sum in"));
}

}  // namespace
}  // namespace trxkit
