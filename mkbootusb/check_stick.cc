// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// mkbootusb check PATH: a finished stick, image or tree.
#include "mkbootusb/check_stick.h"

#include "lib/core/units.h"

#include "mkbootusb/stick_report.h"

namespace trxkit {
namespace {

std::string value_of(const boot::EntryValues& values, const std::string& key) {
  auto found = values.find(key);
  return found == values.end() ? "" : found->second;
}

Json describe(const boot::StickCheckResult& result) {
  Json entries = Json::array();
  for (const auto& [name, values] : result.entries) {
    Json entry = Json::object({{"name", name}});
    for (const auto& [key, value] : values) {
      if (key != "name") entry.set(key, value);
    }
    entries.push(std::move(entry));
  }
  return entries;
}

void say_entries(const boot::StickCheckResult& result, cli::Report& report) {
  for (const auto& [name, values] : result.entries) {
    report.say(fmt::format("  {:<14}{}: {}, kernel {}, root {}", "entry", name,
                           value_of(values, "title"), value_of(values, "kernel"),
                           value_of(values, "root")));
  }
}

}  // namespace

Result<int> check_stick(const boot::StickCheckRequest& request, const Env& env,
                        cli::Report& report) {
  auto result = TRY(boot::check_stick(request, env, progress_of(report)));
  report.say(
      fmt::format("{}: {}", request.path,
                  result.kind == "folder" ? "a folder with a boot tree" : "a stick or its image"));
  if (!result.volume.type.empty()) {
    report.say(fmt::format("  {:<14}{} {}, {}, partition table: {}", "boot", result.volume.type,
                           result.volume.label, result.volume.id, result.partition_table));
  }
  if (!result.board.empty()) report.say(fmt::format("  {:<14}{}", "board", result.board));
  say_entries(result, report);
  int status = report.findings(result.findings);
  report.result("path", request.path);
  report.result("kind", result.kind);
  report.result("partition_table", result.partition_table);
  report.result("filesystem", result.volume.type);
  report.result("medium", result.volume.id);
  report.result("board", result.board);
  report.result("entries", describe(result));
  say_verdict(result.findings, status, report);
  return status;
}

void say_verdict(const Findings& findings, int status, cli::Report& report) {
  std::size_t errors = findings.count(Severity::error);
  std::size_t warnings = findings.count(Severity::warning);
  report.result("ok", status == 0);
  report.say(fmt::format("{}: {} error{}, {} warning{}", status == 0 ? "sound" : "not sound",
                         errors, plural(errors), warnings, plural(warnings)));
}

}  // namespace trxkit
