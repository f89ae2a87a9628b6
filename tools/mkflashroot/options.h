// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The command line of mkflashroot, and the request that it stands for.
#pragma once

#include <string>
#include <vector>

#include "lib/cli/program.h"
#include "lib/core/manifest.h"
#include "lib/rootfs/customise.h"
#include "lib/rootfs/flash_root.h"

namespace trxkit::mkflashroot {

struct Options {
  std::string board;
  std::string base;
  bool minimal = false;
  bool kexec_loader = false;
  std::string fallback_kernel;
  std::string command_line;
  rootfs::Customisation changes;
  std::vector<std::string> modules;
  std::string kernel;
  std::string busybox;
  std::string kexec;
  std::string signify;
  std::string nbd_client;
  rootfs::WrapperSettings wrapper;
  std::string backend = "tar2sqfs";
  bool accept_unterminated = false;
  std::string output;

  void declare(cli::Verb& verb);
  /// Files and folders of the host that the options name as inputs, the file of the board among
  /// them.
  std::vector<std::string> files_read(const board::Board& loaded_board) const;
};

/// What the options ask for, with hashes of everything that they name.
struct Inputs {
  rootfs::FlashRootRequest request;
  std::vector<ManifestFile> files;
};

/// Opens the inputs. Errors: Code::usage for options that contradict each other; those of the
/// inputs.
Result<Inputs> open_inputs(const Options& options, const board::Board& board, const Env& env,
                           Findings& findings);

}  // namespace trxkit::mkflashroot
