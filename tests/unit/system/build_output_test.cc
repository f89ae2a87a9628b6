// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/system/build_output.h"

#include <gtest/gtest.h>

#include "tests/unit/scratch.h"

namespace trxkit {
namespace {

class BuildOutputs : public test::Scratch {};

TEST_F(BuildOutputs, AppearWithTheirManifest) {
  auto file = OutputFile::create(path("out"));
  ASSERT_TRUE(file->write(as_bytes(std::string_view("abc"))));
  BuildManifest manifest;
  manifest.tool = "trxtool";
  ASSERT_TRUE(commit_build(*file, path("out"), manifest));
  EXPECT_EQ(read("out"), "abc");
  EXPECT_NE(read("out.manifest.json").find("\"trxtool\""), std::string::npos);
}

TEST_F(BuildOutputs, DoNotAppearWithoutTheirManifest) {
  std::filesystem::create_directory(path("out.manifest.json"));
  {
    auto file = OutputFile::create(path("out"));
    auto committed = commit_build(*file, path("out"), {});
    ASSERT_FALSE(committed);
    EXPECT_EQ(committed.error().code, Code::io);
  }
  EXPECT_FALSE(exists("out"));
}

TEST_F(BuildOutputs, ReplaceNoInputEitherWay) {
  write("out.manifest.json", "an input");
  write("in", "another");
  auto kept = keep_build_inputs(path("out"), {path("out.manifest.json")});
  ASSERT_FALSE(kept);
  EXPECT_EQ(kept.error().code, Code::refused);
  EXPECT_EQ(keep_build_inputs(path("in"), {path("in")}).error().code, Code::refused);
  EXPECT_TRUE(keep_build_inputs(path("out"), {path("in")}));
}

}  // namespace
}  // namespace trxkit
