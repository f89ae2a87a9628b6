// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include <memory>

#include "mkbootusb/commands.h"
#include "mkbootusb/stick_options.h"

namespace trxkit {
namespace {

struct TreeOptions {
  StickOptions stick;
  std::string directory;
};

Result<int> run_tree(const TreeOptions& options, const Env& env, cli::Report& report) {
  boot::StickRequest request = TRY(options.stick.complete(env));
  Findings findings;
  boot::StickResult result =
      TRY(boot::write_stick_tree(request, options.directory, env, progress_of(report), findings));
  int status = report.findings(findings);
  report_stick(result, request, options.directory, report);
  report.say(
      fmt::format("next: the boot partition of the stick must have the id {}, or", result.medium));
  report.say(fmt::format("      serve {}/boot as http://SERVER/boot/{}", options.directory,
                         request.board.name));
  return status;
}

}  // namespace

void add_tree(cli::Program& program) {
  auto options = std::make_shared<TreeOptions>();
  cli::Verb& verb = program.verb("tree", "make the same /boot in a folder");
  options->stick.declare(verb);
  verb.text("-d,--directory", options->directory, "folder that gets boot/...", cli::Verb::required)
      .action([options](const Env& env, cli::Report& report) {
        return run_tree(*options, env, report);
      });
}

}  // namespace trxkit
