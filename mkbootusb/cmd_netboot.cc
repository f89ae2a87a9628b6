// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "mkbootusb/commands.h"
#include "mkbootusb/stick_options.h"

namespace trxkit {
namespace {

void say_how_to_serve(const boot::StickRequest& request, const boot::StickResult&,
                      const std::string& directory, cli::Report& report) {
  const std::string& board = request.board.name;
  report.say(fmt::format("next: mkbootusb serve {}, or any static HTTP server with", directory));
  report.say(fmt::format("      {}/boot as http://ADDRESS/boot/{}", directory, board));
  if (request.sign_key.empty()) {
    report.say(fmt::format("      not signed yet: mkbootusb sign {} --key KEY.sec", directory));
  }
  report.say(
      fmt::format("      router: mkflashroot --netboot http://ADDRESS/boot/{} "
                  "--public-key KEY.pub ...",
                  board));
  report.say("for roots over NBD: nbd-server's configuration gets");
  report.say("      [generic]");
  for (const boot::EntryRequest& entry : request.entries) {
    report.say(fmt::format("      [{}]", entry.name));
    report.say(fmt::format("      exportname = {}/boot/{}/root.img", directory, entry.name));
  }
  report.say("for roots over NFS: unpack the root into a folder DIR, and /etc/exports gets");
  report.say("      DIR ROUTER(rw,no_root_squash,no_subtree_check)");
}

}  // namespace

void add_netboot(cli::Program& program) {
  add_stick_verb(program, {.name = "netboot",
                           .summary = "make a boot tree for a server, and say what serves it",
                           .target_option = "-d,--directory",
                           .target_help = "folder that gets boot/...",
                           .write = boot::write_stick_tree,
                           .advise = say_how_to_serve});
}

}  // namespace trxkit
