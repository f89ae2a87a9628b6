// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// mkbootusb run: a stick boots on the terminal, in an emulated router.
#include <memory>

#include "lib/boot/emulator.h"

#include "mkbootusb/commands.h"
#include "mkbootusb/stick_report.h"

namespace trxkit {
namespace {

struct RunOptions {
  std::string board = "qemu-malta";
  boot::EmulatorRequest request;
};

Result<int> run_run(const RunOptions& options, const Env& env, cli::Report& report) {
  boot::EmulatorRequest request = options.request;
  request.board = TRY(board::load_board(options.board, env));
  boot::Emulator emulator = TRY(boot::prepare_emulator(request, env, progress_of(report)));
  report.note("Ctrl-A x leaves the emulator");
  Outcome outcome = TRY(outcome_of(emulator.command, env));
  report.result("stick", request.stick);
  report.result("status", outcome.status);
  if (outcome.status == 0) return 0;
  return fail(Code::external_tool, "the emulator ended with exit status {}", outcome.status);
}

}  // namespace

void add_run(cli::Program& program) {
  auto options = std::make_shared<RunOptions>();
  boot::EmulatorRequest& request = options->request;
  program.verb("run", "boot a stick in an emulated router, on this terminal")
      .text("stick", request.stick, "a stick for the board qemu-malta: image or device",
            cli::Verb::required)
      .text("--flash", request.flash,
            "its flash: a TRX or a whole chip (default: made of the kernel and programs that "
            "tools/build-kernel and tools/target-programs keep)")
      .flag("--keep", request.keep, "keep what the system writes on the stick")
      .text("--board", options->board, "the emulated board, or a board file like it")
      .action([options](const Env& env, cli::Report& report) {
        return run_run(*options, env, report);
      });
}

}  // namespace trxkit
