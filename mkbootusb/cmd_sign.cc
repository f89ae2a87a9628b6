// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include <memory>

#include "lib/boot/sign_tree.h"

#include "mkbootusb/commands.h"

namespace trxkit {
namespace {

Result<int> run_sign(const boot::SignRequest& request, const Env& env, cli::Report& report) {
  boot::SignResult result = TRY(boot::sign_tree(request, env));
  std::string key = signature::text_of(result.key);
  report.say(fmt::format("{}: signed with key {}", result.manifest, key));
  report.say(fmt::format("  for {}, build {}, {} files", result.contents.board,
                         *result.contents.build, result.contents.files.size()));
  report.result("manifest", result.manifest);
  report.result("signature", result.signature);
  report.result("key", key);
  report.result("board", result.contents.board);
  report.result("build", *result.contents.build);
  return 0;
}

}  // namespace

void add_sign(cli::Program& program) {
  auto options = std::make_shared<boot::SignRequest>();
  program.verb("sign", "sign a boot tree, for routers that take nothing unsigned")
      .text("tree", options->directory, "folder of mkbootusb tree or netboot, or a mounted stick",
            cli::Verb::required)
      .text("--key", options->key, "secret key of mkbootusb keygen, signify or usign",
            cli::Verb::required)
      .number("--build", options->build, {},
              "another build number for boot.manifest, 0 to 2147483647; it must only grow")
      .action([options](const Env& env, cli::Report& report) {
        return run_sign(*options, env, report);
      });
}

}  // namespace trxkit
