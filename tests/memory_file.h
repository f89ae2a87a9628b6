// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Bytes in memory as an InputFile, for fuzzers and benchmarks, which cannot afford a file on a
// disk.
#pragma once

#include <cstdlib>
#include <string>

#include <sys/mman.h>
#include <unistd.h>

#include "lib/system/file.h"

namespace trxkit::test {

/// `bytes` as a file called "/proc/self/fd/N". The next call overwrites its contents.
inline InputFile memory_file(Bytes bytes) {
  static const int memory = memfd_create("input", MFD_CLOEXEC);
  static const std::string name = "/proc/self/fd/" + std::to_string(memory);
  bool written = ftruncate(memory, 0) == 0 &&
                 pwrite(memory, bytes.data(), bytes.size(), 0) == std::ssize(bytes);
  auto file = InputFile::open(name, Env{});
  if (!written || !file) std::abort();
  return *std::move(file);
}

}  // namespace trxkit::test
