// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// trxtool inspect: what is in an image, without judging it.
#include "lib/firmware/analysis.h"

#include "trxtool/commands.h"
#include "trxtool/options.h"

namespace trxkit {
namespace {

struct InspectOptions {
  std::string file;
  std::string board;
};

Result<int> run_inspect(const InspectOptions& options, const Env& env, cli::Report& report) {
  auto board = TRY(optional_board(options.board, env));
  auto file = TRY(InputFile::open(options.file, env));
  auto analysis = TRY(firmware::analyse(file, pointer_to(board), trx::Depth::decode));
  report.result("image", describe(analysis));
  for (const std::string& line : describe_lines(analysis)) report.say(line);
  return 0;
}

}  // namespace

void add_inspect(cli::Program& program) {
  auto options = std::make_shared<InspectOptions>();
  program.verb("inspect", "show what an image consists of")
      .text("file", options->file, "the image; - is standard input", cli::Verb::required)
      .text("--board", options->board, "a router whose magic to expect beside the known ones")
      .action([options](const Env& env, cli::Report& report) {
        return run_inspect(*options, env, report);
      });
}

}  // namespace trxkit
