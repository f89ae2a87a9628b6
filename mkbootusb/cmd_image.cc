// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "mkbootusb/commands.h"
#include "mkbootusb/stick_options.h"

namespace trxkit {
namespace {

void say_how_to_write(const boot::StickRequest&, const boot::StickResult&, const std::string& image,
                      cli::Report& report) {
  report.say(
      fmt::format("next: mkbootusb write {} /dev/sdX shows what would be overwritten", image));
  report.say("      (lsblk -o NAME,SIZE,TRAN,MODEL,SERIAL tells which disk is the stick)");
}

}  // namespace

void add_image(cli::Program& program) {
  add_stick_verb(program, {.name = "image",
                           .summary = "make a stick image",
                           .target_option = "-o,--output",
                           .target_help = "the image; OUTPUT.manifest.json goes beside it",
                           .write = boot::write_stick_image,
                           .advise = say_how_to_write});
}

}  // namespace trxkit
