// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "mkbootusb/commands.h"
#include "mkbootusb/stick_options.h"

namespace trxkit {
namespace {

void say_how_to_write(const boot::StickRequest&, const boot::StickResult&, const std::string& image,
                      cli::Report& report) {
  report.say("next: look up the stick's device (lsblk -o NAME,SIZE,TRAN,MODEL,SERIAL), make sure");
  report.say(
      "      that it is the stick and that nothing on it is mounted or needed, then as root");
  report.say(fmt::format("      dd if={} of=/dev/sdX bs=4M conv=fsync oflag=direct status=progress",
                         image));
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
