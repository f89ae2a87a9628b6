// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "mkbootusb/check_cfe.h"

#include "lib/core/units.h"

namespace trxkit {
namespace {

void report_lines(const boot::CfePlan& plan, const board::Board& board, cli::Report& report) {
  const auto& base = board.boot_loader.base;
  report.say(fmt::format("  in RAM        {:#x}-{:#x}, CFE at {:#x} ({}): {} between them",
                         plan.load_start, plan.load_end, *base, name_of(base.confidence),
                         human_size(*base - plan.load_end)));
  report.say(fmt::format("  server        {} by TFTP, at {}", plan.file, plan.server));
  report.say("  prompt        the space bar or Ctrl-C on the serial console, right after power-on");
  for (const boot::CfeCommand& command : plan.commands) {
    report.say(fmt::format("  CFE> {}", command.text));
    report.say(fmt::format("                {}", command.purpose));
  }
  report.say("  flash         nothing is written, and no boot loader ever is: docs/cfe.md");
}

}  // namespace

void report_cfe(const boot::CfePlan& plan, const board::Board& board, cli::Report& report) {
  Json commands = Json::array();
  for (const boot::CfeCommand& command : plan.commands) commands.push(command.text);
  const auto& base = board.boot_loader.base;
  report.result("cfe", Json::object({{"load_start", plan.load_start},
                                     {"load_end", plan.load_end},
                                     {"limit", *base},
                                     {"limit_confidence", name_of(base.confidence)},
                                     {"router", plan.router},
                                     {"server", plan.server},
                                     {"file", plan.file},
                                     {"commands", std::move(commands)}}));
  if (!plan.commands.empty()) report_lines(plan, board, report);
}

}  // namespace trxkit
