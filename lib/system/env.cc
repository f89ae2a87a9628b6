// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/system/env.h"

#include <cstdlib>
#include <iostream>
#include <limits>
#include <string_view>

#include <unistd.h>

#include "lib/core/units.h"
#include "lib/system/block_device.h"

namespace trxkit {
namespace {

namespace fs = std::filesystem;

std::string variable(const char* name, std::string fallback = {}) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): before any thread
  return value != nullptr && *value != '\0' ? value : std::move(fallback);
}

// boards/ and templates/: where TRXKIT_DATA says, else beside the installed program, else in the
// source tree that the program was built from.
fs::path find_data_directory() {
  if (std::string named = variable("TRXKIT_DATA"); !named.empty()) return named;
  std::error_code ignored;
  fs::path program = fs::read_symlink("/proc/self/exe", ignored);
  fs::path installed = program.parent_path().parent_path() / "share" / "trxkit";
  if (fs::is_directory(installed / "boards", ignored)) return installed;
  return TRXKIT_SOURCE_DIRECTORY;
}

// loader.elf: where TRXKIT_LOADER says, else with the data, else in the build folder that the
// program lies in.
fs::path find_loader(const fs::path& data_directory) {
  if (std::string named = variable("TRXKIT_LOADER"); !named.empty()) return named;
  std::error_code ignored;
  fs::path with_data = data_directory / "loader" / "loader.elf";
  if (fs::exists(with_data, ignored)) return with_data;
  fs::path program = fs::read_symlink("/proc/self/exe", ignored);
  return program.parent_path().parent_path() / "loader" / "loader.elf";
}

}  // namespace

Env Env::system() {
  Env env;
  env.out = &std::cout;
  env.err = &std::cerr;
  env.in = STDIN_FILENO;
  env.in_is_terminal = isatty(STDIN_FILENO) == 1;
  env.out_is_terminal = isatty(STDOUT_FILENO) == 1;
  env.err_is_terminal = isatty(STDERR_FILENO) == 1;
  env.colour = env.err_is_terminal && variable("NO_COLOR").empty();
  env.source_date_epoch = TRXKIT_RELEASE_EPOCH;
  if (std::string text = variable("SOURCE_DATE_EPOCH"); !text.empty()) {
    auto epoch = parse_number(text);
    // File systems with 32-bit times (ext4 with small inodes, squashfs) end in 2106.
    if (epoch && *epoch <= std::numeric_limits<std::uint32_t>::max()) {
      env.source_date_epoch = static_cast<std::int64_t>(*epoch);
    } else {
      env.environment_fault = "SOURCE_DATE_EPOCH is '" + text + "', not seconds from 1970 to 2106";
    }
  }
  env.search_path = variable("PATH", "/usr/local/bin:/usr/bin:/bin");
  // mke2fs and mkfs.fat live where an ordinary user's PATH does not look.
  env.search_path += ":/usr/local/sbin:/usr/sbin:/sbin";
  env.data_directory = find_data_directory();
  env.loader = find_loader(env.data_directory);
  env.cache_directory = fs::path(variable("XDG_CACHE_HOME", variable("HOME") + "/.cache"));
  env.temporary_directory = variable("TMPDIR", "/tmp");
  env.block_devices = &system_block_devices();
  env.elapsed = [] {
    auto now = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(now);
  };
  return env;
}

std::string_view version() {
  return TRXKIT_VERSION;
}

}  // namespace trxkit
