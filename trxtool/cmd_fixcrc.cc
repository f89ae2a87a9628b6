// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// trxtool fixcrc: length and CRC of an image that was changed on purpose.
#include "lib/firmware/rewrite_header.h"

#include "trxtool/commands.h"
#include "trxtool/options.h"
#include "trxtool/patch_result.h"

namespace trxkit {
namespace {

struct FixcrcOptions {
  std::string file;
  std::string board;
  std::optional<std::uint64_t> length;
  firmware::PatchTarget target;
};

Json to_json(const firmware::HeaderFields& fields) {
  return Json::object({{"length", fields.length}, {"crc", fields.crc}});
}

std::string change_of(std::string_view field, std::uint32_t before, std::uint32_t after) {
  if (before == after) return fmt::format("{:<6}  {:#010x}, unchanged", field, before);
  return fmt::format("{:<6}  {:#010x} -> {:#010x}", field, before, after);
}

Result<int> run_fixcrc(const FixcrcOptions& options, const Env& env, cli::Report& report) {
  TRY(report.leave_standard_output_to(options.target.output));
  auto board = TRY(optional_board(options.board, env));
  firmware::RewriteRequest request{options.file, pointer_to(board), options.target};
  auto result = TRY(firmware::fix_crc(request, options.length, env));
  report.result("before", to_json(result.before));
  report.result("after", to_json(result.after));
  report.say(change_of("length", result.before.length, result.after.length));
  report.say(change_of("CRC", result.before.crc, result.after.crc));
  return finish_patch(result.patched, report);
}

}  // namespace

void add_fixcrc(cli::Program& program) {
  auto options = std::make_shared<FixcrcOptions>();
  program.verb("fixcrc", "compute the CRC of a changed image again, if all else is sound")
      .text("file", options->file, "the image; - is standard input", cli::Verb::required)
      .text("--board", options->board, "the router that it is for")
      .size("--length", options->length, "set this length first, instead of the header's own")
      .text("-o,--output", options->target.output, "the image; - is standard output")
      .flag("--in-place", options->target.in_place, "change the image itself")
      .action([options](const Env& env, cli::Report& report) {
        return run_fixcrc(*options, env, report);
      });
}

}  // namespace trxkit
