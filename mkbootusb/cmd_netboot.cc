// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "mkbootusb/commands.h"
#include "mkbootusb/stick_options.h"

namespace trxkit {
namespace {

// What the server of a root is told, as far as it is not the one above.
void say_root_server(const boot::EntryRequest& entry, const std::string& directory,
                     cli::Report& report) {
  std::string folder = fmt::format("{}/boot/{}", directory, entry.name);
  if (entry.server_root.starts_with("nbd:")) {
    std::string name = entry.server_root.substr(entry.server_root.rfind('/') + 1);
    report.say(fmt::format(
        "      nbd-server: [{}], exportname = a copy of {}/root.img, flush = true", name, folder));
  } else if (entry.server_root.starts_with("nfs:")) {
    std::string place = entry.server_root.substr(entry.server_root.rfind(':') + 1);
    report.say(
        fmt::format("      /etc/exports: {} ROUTER(rw,no_root_squash,no_subtree_check), with "
                    "what is in {}/root.tar",
                    place, folder));
  }
}

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
  for (const boot::EntryRequest& entry : request.entries) say_root_server(entry, directory, report);
}

}  // namespace

void add_netboot(cli::Program& program) {
  add_stick_verb(program, {.name = "netboot",
                           .summary = "make a boot tree for a server, and say what serves it",
                           .target_option = "-d,--directory",
                           .target_help = "folder that gets boot/...",
                           .write = boot::write_network_tree,
                           .advise = say_how_to_serve});
}

}  // namespace trxkit
