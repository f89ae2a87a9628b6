// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "mkbootusb/commands.h"
#include "mkbootusb/stick_options.h"

namespace trxkit {
namespace {

void say_where_it_works(const boot::StickRequest& request, const boot::StickResult& result,
                        const std::string& directory, cli::Report& report) {
  if (result.medium.empty()) {
    report.say(
        fmt::format("next: serve {}/boot as http://SERVER/boot/{}", directory, request.board.name));
    return;
  }
  report.say(
      fmt::format("next: the boot partition of the stick must have the id {}, or", result.medium));
  report.say(
      fmt::format("      serve {}/boot as http://SERVER/boot/{}", directory, request.board.name));
}

}  // namespace

void add_tree(cli::Program& program) {
  add_stick_verb(program, {.name = "tree",
                           .summary = "make the same /boot in a folder",
                           .target_option = "-d,--directory",
                           .target_help = "folder that gets boot/...",
                           .write = boot::write_stick_tree,
                           .advise = say_where_it_works});
}

}  // namespace trxkit
