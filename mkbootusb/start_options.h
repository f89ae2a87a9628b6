// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The options that all verbs share which make an initramfs: how /init starts the system, and what
// goes into the initramfs for that.
#pragma once

#include <string>
#include <vector>

#include "lib/cli/program.h"
#include "lib/rootfs/initramfs.h"

namespace trxkit {

/// What stands on the command line.
struct StartOptions {
  rootfs::StartSettings settings;
  std::vector<std::string> checkers;
  std::vector<std::string> hooks;
  std::string nbd_client;
  bool unchecked = false;

  /// Declares the options on `verb`; `this` must stay where it is.
  void declare(cli::Verb& verb);
  /// For every entry.
  rootfs::StartSettings start() const;
  /// Errors: Code::usage for a hook without its stage.
  Result<rootfs::InitramfsAdditions> additions() const;
};

}  // namespace trxkit
