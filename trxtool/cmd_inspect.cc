// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// trxtool inspect: what is in an image, without judging it; or where images lie in a file.
#include "lib/firmware/analysis.h"
#include "lib/firmware/find_images.h"

#include "trxtool/commands.h"
#include "trxtool/options.h"

namespace trxkit {
namespace {

struct InspectOptions {
  std::string file;
  std::string board;
  bool scan = false;
  std::optional<std::uint64_t> offset;
};

Result<int> run_scan(const InputFile& file, const Env& env, cli::Report& report) {
  auto found = TRY(firmware::find_images(file, env));
  report.result("images", describe(found));
  report.result("complete", !found.overflow);
  for (const std::string& line : describe_lines(found)) report.say(line);
  if (found.list.empty()) report.say("no TRX image found");
  if (found.overflow) report.note("there are more headers than can be followed at once");
  return 0;
}

Result<int> run_inspect(const InspectOptions& options, const Env& env, cli::Report& report) {
  if (options.scan && (options.offset || !options.board.empty())) {
    return fail(Code::usage, "--scan looks for every board's images in the whole file");
  }
  auto board = TRY(optional_board(options.board, env));
  auto file = TRY(InputFile::open(options.file, env));
  if (options.scan) return run_scan(file, env, report);
  auto analysis =
      TRY(firmware::analyse(file, pointer_to(board), trx::Depth::decode, place_of(options.offset)));
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
      .size("--offset", options->offset, "where the image or its container starts in the file")
      .flag("--scan", options->scan, "list the images anywhere in the file, a flash dump say")
      .action([options](const Env& env, cli::Report& report) {
        return run_inspect(*options, env, report);
      });
}

}  // namespace trxkit
