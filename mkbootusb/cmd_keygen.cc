// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include <filesystem>
#include <memory>

#include "lib/signature/key_files.h"

#include "mkbootusb/commands.h"

namespace trxkit {
namespace {

struct KeygenOptions {
  std::string name;
  std::string comment;
};

Result<int> run_keygen(const KeygenOptions& options, cli::Report& report) {
  if (options.comment.find_first_of("\r\n") != std::string::npos) {
    return fail(Code::usage, "a comment is one line");
  }
  std::string name = std::filesystem::path(options.name).filename().string();
  if (name.empty() || name == "-") {
    return advise(fail(Code::usage, "'{}' cannot be the name of two files", options.name),
                  "--output router makes router.sec and router.pub");
  }
  std::string secret = options.name + ".sec";
  std::string shared = options.name + ".pub";
  std::string comment = options.comment.empty() ? name : options.comment;
  signature::KeyPair keys = signature::make_keys();
  TRY(signature::write_key_files(keys, secret, shared, comment));
  std::string id = signature::text_of(keys.public_key.id);
  report.say(fmt::format("key {}", id));
  report.say(fmt::format("  {}  secret: signs, stays with you, not in any image", secret));
  report.say(fmt::format("  {}  public: for the router, mkflashroot --public-key", shared));
  report.say("a copy of the secret key in a safe place: a router takes no other");
  report.result("key", id);
  report.result("secret_key", secret);
  report.result("public_key", shared);
  return 0;
}

}  // namespace

void add_keygen(cli::Program& program) {
  auto options = std::make_shared<KeygenOptions>();
  program.verb("keygen", "make a pair of keys that sign boot trees, as signify and usign do")
      .text("-o,--output", options->name, "the files are OUTPUT.sec and OUTPUT.pub",
            cli::Verb::required)
      .text("--comment", options->comment, "what the files call the keys (default: their name)")
      .action([options](const Env&, cli::Report& report) { return run_keygen(*options, report); });
}

}  // namespace trxkit
