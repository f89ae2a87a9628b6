// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/cli/report.h"

#include <algorithm>
#include <ostream>
#include <ranges>

#include "lib/core/printable.h"
#include "lib/core/units.h"

namespace trxkit::cli {
namespace {

constexpr std::string_view kBold = "\033[1m";
constexpr std::string_view kRed = "\033[1;31m";
constexpr std::string_view kYellow = "\033[1;33m";
constexpr std::string_view kPlain = "\033[0m";

std::string_view colour_of(Severity severity) {
  switch (severity) {
    case Severity::error:
      return kRed;
    case Severity::warning:
      return kYellow;
    case Severity::note:
      break;
  }
  return kBold;
}

// Hints may have several lines, among them what another program said.
std::string indented(std::string_view text) {
  std::string result;
  for (auto line : std::views::split(text, '\n')) {
    if (!result.empty()) result += "\n      ";
    result += printable(std::string_view(line.begin(), line.end()));
  }
  return result;
}

void add_place(Json& json, const Where& where) {
  if (!where.file.empty()) json.set("file", where.file);
  if (where.offset) json.set("offset", *where.offset);
  if (where.line != 0) json.set("line", where.line);
  if (where.column != 0) json.set("column", where.column);
}

Json to_json(const Finding& finding) {
  Json json = Json::object({{"code", finding.code}, {"severity", name_of(finding.severity)}});
  add_place(json, finding.where);
  json.set("message", finding.message);
  if (!finding.hint.empty()) json.set("hint", finding.hint);
  return json;
}

}  // namespace

Report::Report(std::string program, const Env& env, CommonOptions options)
    : program_(std::move(program)), env_(env), options_(std::move(options)) {}

Status Report::leave_standard_output_to(const std::string& output) {
  output_taken_ = output == "-" || output == "/dev/stdout";
  if (!output_taken_ || !options_.json) return {};
  return advise(
      fail(Code::usage, "standard output cannot take both the output and its JSON report"),
      "name a file for the output, or leave out --json");
}

void Report::say(std::string_view line) {
  if (options_.json || output_taken_) return;
  end_progress_line();
  *env_.out << line << (line.ends_with('\n') ? "" : "\n");
}

void Report::note(std::string_view line) {
  if (options_.json) return;
  end_progress_line();
  *env_.err << line << (line.ends_with('\n') ? "" : "\n");
}

void Report::result(std::string key, Json value) {
  object_.set(std::move(key), std::move(value));
}

void Report::print_message(std::string_view severity, std::string_view colour,
                           const Finding& finding) {
  end_progress_line();
  std::ostream& out = *env_.err;
  // Names out of archives and images stand in messages: a terminal must not obey them.
  std::string place = printable(finding.where.text());
  out << program_ << ": " << place << (place.empty() ? "" : ": ");
  if (!severity.empty()) {
    out << (env_.colour ? colour : "") << severity << (env_.colour ? kPlain : "") << ": ";
  }
  out << printable(finding.message);
  if (!finding.code.empty()) out << " [" << finding.code << "]";
  out << "\n";
  if (!finding.source_line.empty()) {
    out << "  " << blanked(finding.source_line) << "\n";
    std::uint32_t column = finding.where.column;
    if (column > 0) out << "  " << std::string(column - 1, ' ') << "^\n";
  }
  if (!finding.hint.empty()) out << "hint: " << indented(finding.hint) << "\n";
}

int Report::findings(const Findings& findings) {
  Json list = Json::array();
  if (const Json* earlier = object_.find("findings")) list = *earlier;
  for (const Finding& finding : findings.list()) {
    list.push(to_json(finding));
    // An error is what a finding is; lesser ones say so.
    bool lesser = finding.severity != Severity::error;
    print_message(lesser ? name_of(finding.severity) : "", colour_of(finding.severity), finding);
  }
  object_.set("findings", std::move(list));
  return findings.passed(options_.strict) ? 0 : 1;
}

int Report::error(const Error& error) {
  print_message("", kRed,
                {.code = error.finding,
                 .where = error.where,
                 .message = error.what,
                 .hint = error.hint,
                 .source_line = error.source_line});
  Json json = Json::object({{"message", error.what}, {"exit_status", exit_status(error.code)}});
  add_place(json, error.where);
  if (!error.finding.empty()) json.set("code", error.finding);
  if (!error.hint.empty()) json.set("hint", error.hint);
  object_.set("error", std::move(json));
  return exit_status(error.code);
}

void Report::progress(std::string_view step, std::uint64_t done, std::uint64_t total) {
  const std::string& style = options_.progress;
  bool live = style == "auto" && env_.err_is_terminal && !options_.json;
  if (style == "none" || (style == "auto" && !live)) return;
  std::uint64_t percent = total == 0 ? 0 : std::min<std::uint64_t>(100, done * 100 / total);
  if (percent == last_percent_ && step == last_step_) return;
  if (style == "json") {
    Json line = Json::object({{"step", step}, {"done", done}, {"total", total}});
    std::string text = line.print();
    std::erase(text, '\n');
    *env_.err << text << "\n";
  } else if (style == "plain") {
    // One line a step: logs are read by people later.
    if (step != last_step_) *env_.err << program_ << ": " << step << "\n";
  } else {
    if (step != last_step_) {
      end_progress_line();
      step_start_ = env_.elapsed();
    }
    *env_.err << "\r" << program_ << ": " << step;
    if (total != 0) *env_.err << fmt::format(" {:3d} %", percent) << pace(done, total);
    env_.err->flush();
    line_open_ = true;
  }
  last_percent_ = percent;
  last_step_ = step;
}

// Empty in the first second, when it would say nothing. The blanks cover a longer line before.
std::string Report::pace(std::uint64_t done, std::uint64_t total) const {
  double seconds = std::chrono::duration<double>(env_.elapsed() - step_start_).count();
  if (seconds < 1 || done == 0) return {};
  double speed = static_cast<double>(done) / seconds;
  auto left =
      static_cast<std::uint64_t>(static_cast<double>(total - std::min(done, total)) / speed);
  return fmt::format(", {}/s, {}:{:02} left    ", human_size(static_cast<std::uint64_t>(speed)),
                     left / 60, left % 60);
}

void Report::end_progress_line() {
  if (!line_open_) return;
  *env_.err << "\n";
  line_open_ = false;
}

Status Report::finish() {
  end_progress_line();
  if (options_.json) *env_.out << object_.print();
  env_.out->flush();
  if (env_.out->good()) return {};
  return fail(Code::io, "standard output could not take the whole result");
}

int exit_status(Code code) {
  switch (code) {
    case Code::usage:
      return 2;
    case Code::bad_input:
      return 3;
    case Code::does_not_fit:
      return 4;
    case Code::refused:
      return 5;
    case Code::external_tool:
      return 6;
    case Code::io:
      break;
  }
  return 7;
}

}  // namespace trxkit::cli
