// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// trxtool remagic: the same image for a boot loader that wants another magic.
#include "lib/firmware/rewrite_header.h"
#include "lib/trx/magic.h"

#include "trxtool/commands.h"
#include "trxtool/options.h"
#include "trxtool/patch_result.h"

namespace trxkit {
namespace {

struct RemagicOptions {
  std::string file;
  std::string board;
  std::string magic;
  std::string output;
};

Result<int> run_remagic(const RemagicOptions& options, const Env& env, cli::Report& report) {
  TRY(report.leave_standard_output_to(options.output));
  if (options.board.empty() == options.magic.empty()) {
    return advise(fail(Code::usage, "--board and --magic are two ways to say which magic"),
                  "give one of them");
  }
  auto board = TRY(optional_board(options.board, env));
  std::uint32_t magic = board ? *board->trx.magic : TRY(trx::parse_magic(options.magic));
  firmware::RewriteRequest request{options.file, pointer_to(board), {options.output, false}};
  auto result = TRY(firmware::remagic(request, magic, env));
  report.result("magic", Json::object({{"before", result.before.magic}, {"after", magic}}));
  report.say(fmt::format("magic  {} -> {}", trx::describe_magic(result.before.magic),
                         trx::describe_magic(magic)));
  return finish_patch(result.patched, report);
}

}  // namespace

void add_remagic(cli::Program& program) {
  auto options = std::make_shared<RemagicOptions>();
  program.verb("remagic", "give an image another magic, if it would start with it")
      .text("file", options->file, "the image; - is standard input", cli::Verb::required)
      .text("--board", options->board, "the router that it is for")
      .text("--magic", options->magic, "the header's first word, without a board")
      .text("-o,--output", options->output, "the image; - is standard output", cli::Verb::required)
      .action([options](const Env& env, cli::Report& report) {
        return run_remagic(*options, env, report);
      });
}

}  // namespace trxkit
