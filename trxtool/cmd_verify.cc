// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// trxtool verify: every rule, all findings at once.
#include "lib/core/units.h"
#include "lib/firmware/verify.h"
#include "lib/rootfs/check_root.h"

#include "trxtool/commands.h"
#include "trxtool/options.h"

namespace trxkit {
namespace {

struct VerifyOptions {
  std::string file;
  std::string board;
  std::string cfe;
  bool quick = false;
  bool dump = false;
  bool deep = false;
  std::optional<std::uint64_t> offset;
};

void summarise(const firmware::Verdict& verdict, int status, cli::Report& report) {
  std::size_t errors = verdict.findings.count(Severity::error);
  std::size_t warnings = verdict.findings.count(Severity::warning);
  report.result("ok", status == 0);
  report.say(fmt::format("{}: {} error{}, {} warning{}", status == 0 ? "sound" : "not sound",
                         errors, plural(errors), warnings, plural(warnings)));
}

Result<int> run_verify(const VerifyOptions& options, const Env& env, cli::Report& report) {
  if (options.quick && options.deep) {
    return fail(Code::usage, "--quick and --deep exclude each other");
  }
  auto board = TRY(optional_board(options.board, env));
  auto cfe = TRY(optional_file(options.cfe, env));
  auto file = TRY(InputFile::open(options.file, env));
  firmware::VerifyRequest request{.file = &file,
                                  .board = pointer_to(board),
                                  .cfe = pointer_to(cfe),
                                  .depth = options.quick ? trx::Depth::headers : trx::Depth::decode,
                                  .dump = options.dump,
                                  .offset = options.offset};
  auto verdict = TRY(firmware::verify(request, env));
  if (options.deep && verdict.analysis) {
    verdict.findings.append(TRY(rootfs::check_image_root(file, *verdict.analysis, env)));
  }
  if (board) report.result("board", board->name);
  if (verdict.analysis) {
    report.result("image", describe(*verdict.analysis));
    for (const std::string& line : describe_lines(*verdict.analysis)) report.say(line);
  }
  int status = report.findings(verdict.findings);
  summarise(verdict, status, report);
  return status;
}

}  // namespace

void add_verify(cli::Program& program) {
  auto options = std::make_shared<VerifyOptions>();
  program.verb("verify", "judge an image: header, CRC, payloads, flash map, the kernel's view")
      .text("file", options->file, "the image; - is standard input", cli::Verb::required)
      .text("--board", options->board, "the router that it is for")
      .text("--cfe", options->cfe, "dump of this router's boot loader or whole flash")
      .flag("--quick", options->quick, "do not unpack the payloads")
      .flag("--deep", options->deep, "look into the root file system: preinit, kexec, modules")
      .flag("--dump", options->dump, "the file was read back from a router's flash")
      .size("--offset", options->offset, "where the image or its container starts in the file")
      .action([options](const Env& env, cli::Report& report) {
        return run_verify(*options, env, report);
      });
}

}  // namespace trxkit
