// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The options that all verbs share which make a stick's contents, and the report on them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "lib/boot/stick.h"
#include "lib/cli/program.h"

#include "mkbootusb/start_options.h"

namespace trxkit {

/// What stands on the command line; request() turns it into what the library wants.
struct StickOptions {
  std::string board;
  std::string rootfs;
  bool minimal = false;
  std::optional<std::uint64_t> free;
  std::string boot_filesystem = "fat32";
  StartOptions start;
  boot::StickRequest request;  ///< kernel, programs, modules, command line, entry

  /// Declares the options on `verb`; `this` must stay where it is.
  void declare(cli::Verb& verb);
  /// Errors: Code::usage for contradictions and unknown boards; those of the board file.
  Result<boot::StickRequest> complete(const Env& env) const;
};

/// Prints what was made: for people with say(), for programs with result().
void report_stick(const boot::StickResult& result, const boot::StickRequest& request,
                  const std::string& output, cli::Report& report);

/// Progress of the library on the report.
boot::Progress progress_of(cli::Report& report);

}  // namespace trxkit
