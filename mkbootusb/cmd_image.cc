// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include <memory>

#include "mkbootusb/commands.h"
#include "mkbootusb/stick_options.h"

namespace trxkit {
namespace {

struct ImageOptions {
  StickOptions stick;
  std::string output;
};

Result<int> run_image(const ImageOptions& options, const Env& env, cli::Report& report) {
  boot::StickRequest request = TRY(options.stick.complete(env));
  Findings findings;
  boot::StickResult result =
      TRY(boot::write_stick_image(request, options.output, env, progress_of(report), findings));
  int status = report.findings(findings);
  report_stick(result, request, options.output, report);
  report.say("next: look up the stick's device (lsblk -o NAME,SIZE,TRAN,MODEL,SERIAL), make sure");
  report.say(
      "      that it is the stick and that nothing on it is mounted or needed, then as root");
  report.say(fmt::format("      dd if={} of=/dev/sdX bs=4M conv=fsync oflag=direct status=progress",
                         options.output));
  return status;
}

}  // namespace

void add_image(cli::Program& program) {
  auto options = std::make_shared<ImageOptions>();
  cli::Verb& verb = program.verb("image", "make a stick image");
  options->stick.declare(verb);
  verb.text("-o,--output", options->output, "the image; OUTPUT.manifest.json goes beside it",
            cli::Verb::required)
      .action([options](const Env& env, cli::Report& report) {
        return run_image(*options, env, report);
      });
}

}  // namespace trxkit
