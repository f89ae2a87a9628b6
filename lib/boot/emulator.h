// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// A stick in the emulated router (board qemu-malta, QEMU's malta machine): everything that the
// machine needs, and the command that starts it. The stick is not written unless that is asked for,
// and the flash never is.
#pragma once

#include <string>

#include "lib/boot/stick.h"
#include "lib/system/process.h"

namespace trxkit::boot {

struct EmulatorRequest {
  board::Board board;      ///< one whose kernel is told its partitions, as qemu-malta's
  std::string stick = {};  ///< host path: image or device
  std::string flash = {};  ///< host path: TRX or whole chip; empty: one is made
  bool keep = false;       ///< what the system writes on the stick stays there
};

struct Emulator {
  TemporaryDirectory scratch;  ///< holds the flash; outlives the machine
  Command command;             ///< on our own terminal
};

/// Errors: Code::usage for another board, those of prepare_emulated_flash() and
/// make_emulated_trx(), Code::io where the stick cannot be read.
Result<Emulator> prepare_emulator(const EmulatorRequest& request, const Env& env,
                                  const Progress& progress);

}  // namespace trxkit::boot
