// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What unit tests share: an Env that collects output, a scratch folder, files in it, and programs
// of the host as independent readers.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "lib/system/env.h"

namespace trxkit::test {

/// The root of the source tree. A function, defined in one file: so no other object depends on
/// where the tree lies, and compiler caches serve every clone.
std::string source_directory();

/// A test with a scratch folder of its own (removed behind it) and an Env whose streams are kept.
class Scratch : public ::testing::Test {
 public:
  Scratch() {
    std::string pattern = (std::filesystem::temp_directory_path() / "trxkit-test.XXXXXX").string();
    folder = mkdtemp(pattern.data());
    env = Env::system();
    env.out = &out;
    env.err = &err;
    env.temporary_directory = folder;
    env.data_directory = source_directory();
    env.source_date_epoch = 1700000000;
  }
  ~Scratch() override { std::filesystem::remove_all(folder); }

  std::string path(const std::string& name) const { return (folder / name).string(); }

  std::string write(const std::string& name, const std::string& contents) const {
    std::filesystem::create_directories((folder / name).parent_path());
    std::ofstream(folder / name, std::ios::binary) << contents;
    return path(name);
  }

  std::string read(const std::string& name) const {
    std::ifstream file(folder / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  bool exists(const std::string& name) const { return std::filesystem::exists(folder / name); }

  /// Runs a shell command in the scratch folder and returns what it prints on both streams; the
  /// test fails where it does not end with `status`.
  std::string shell(const std::string& command, int status = 0) const {
    std::string script = "cd '" + folder.string() + "' && { " + command + "\n} > .shell 2>&1";
    int result = std::system(script.c_str());  // NOLINT(concurrency-mt-unsafe)
    EXPECT_EQ(status, WEXITSTATUS(result)) << command << "\n" << read(".shell");
    return read(".shell");
  }

  std::filesystem::path folder;
  std::ostringstream out;
  std::ostringstream err;
  Env env;
};

}  // namespace trxkit::test
