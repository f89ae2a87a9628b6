// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The outside world as a parameter. Commands get an Env; tests build their own. Nothing below the
// commands reads the environment, the clock or the terminal by any other way.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <memory>
#include <string>

namespace trxkit {

class BlockDevices;  // lib/system/block_device.h

struct Env {
  std::ostream* out = nullptr;  ///< results: what a script reads
  std::ostream* err = nullptr;  ///< talk: findings, progress, errors
  int in = 0;                   ///< file descriptor that "-" reads
  /// Whether "-" was read: it can be one input only. Copies share it as they share `in`.
  std::shared_ptr<std::atomic_flag> in_was_read = std::make_shared<std::atomic_flag>();
  bool in_is_terminal = false;
  bool err_is_terminal = false;
  bool out_is_terminal = false;
  bool colour = false;  ///< NO_COLOR unset and a terminal
  /// "Now" of everything written: SOURCE_DATE_EPOCH, or else the release date of the tool (seconds
  /// since 1970-01-01 UTC). Never the clock.
  std::int64_t source_date_epoch = 0;
  std::string search_path;                    ///< PATH for child processes
  std::filesystem::path data_directory;       ///< holds boards/, templates/ and loader/
  std::filesystem::path loader;               ///< loader.elf for the routers; may not exist
  std::filesystem::path cache_directory;      ///< what tools/ keep: kernels, programs
  std::filesystem::path temporary_directory;  ///< for scratch files that have no output beside them
  const BlockDevices* block_devices = nullptr;  ///< the disks of this machine
  /// Time since some start, for the speed and the remaining time that people are shown. Nothing
  /// that is written depends on it.
  std::function<std::chrono::milliseconds()> elapsed;

  /// The process's own: standard streams, SOURCE_DATE_EPOCH, NO_COLOR, PATH, TMPDIR, TRXKIT_DATA,
  /// TRXKIT_LOADER, XDG_CACHE_HOME or else HOME.
  /// An unusable SOURCE_DATE_EPOCH is refused by run_tool() (lib/cli/program.h) through
  /// `environment_fault`.
  static Env system();
  std::string environment_fault;  ///< why an environment variable cannot be used; usually empty
};

/// The version of trxkit, "0.1.0".
std::string_view version();

}  // namespace trxkit
