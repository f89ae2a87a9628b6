// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// usage: fuzz_NAME FOLDER
// Stands in for libFuzzer where the compiler has none: every file of the folder once.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <vector>

#include "tests/fuzz/input.h"

int main(int count, char** arguments) {
  if (count != 2) return 2;
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(arguments[1])) {
    std::ifstream file(entry.path(), std::ios::binary);
    std::vector<char> bytes(std::istreambuf_iterator<char>(file), {});
    std::cerr << entry.path().filename().string() << '\n';
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
    ++files;
  }
  return files == 0 ? 1 : 0;
}
