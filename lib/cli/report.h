// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What a verb says: findings and errors in one form, results as prose or as one JSON object,
// progress for people and for programs.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "lib/core/finding.h"
#include "lib/core/json.h"
#include "lib/system/env.h"

namespace trxkit::cli {

/// Options that every verb has.
struct CommonOptions {
  bool json = false;              ///< --json: one object on standard output, no prose there
  bool strict = false;            ///< --strict: warnings count as errors
  std::string progress = "auto";  ///< --progress=auto|plain|json|none
};

/// Collects the result of one verb. Without --json, say() prints to standard output at once and
/// result() is ignored; with it, say() is silent and finish() prints the object.
class Report {
 public:
  Report(std::string program, const Env& env, CommonOptions options);

  bool json_wanted() const { return options_.json; }
  bool strict() const { return options_.strict; }

  /// The verb writes `output`. Where that is standard output ("-"), say() prints nothing: prose
  /// would become a part of it. Errors: Code::usage where --json wants standard output, too.
  Status leave_standard_output_to(const std::string& output);

  /// A line of the result for people. Without a newline at its end.
  void say(std::string_view line);
  /// A line of talk on standard error (always, but with --json only errors).
  void note(std::string_view line);
  /// A member of the JSON result ("schema" comes first by itself, then "verb").
  void result(std::string key, Json value);
  /// Prints findings (standard error) and puts them into the JSON result. Returns 1 where they fail
  /// the run (errors; with --strict warnings too), else 0.
  int findings(const Findings& findings);
  /// Prints `error` as "program: place: what [CODE]" and "hint: ...", puts it into the JSON result
  /// (its place as a finding's) and returns its exit status.
  int error(const Error& error);
  /// Progress of a long step: `done` of `total` (bytes; total 0: unknown). On a terminal with the
  /// speed, and the time that the rest will take.
  void progress(std::string_view step, std::uint64_t done, std::uint64_t total);
  /// Prints the JSON object, if one is wanted. Code::io where standard output cannot take it all.
  Status finish();

 private:
  void print_message(std::string_view severity, std::string_view colour, const Finding& finding);
  void end_progress_line();
  std::string pace(std::uint64_t done, std::uint64_t total) const;

  std::string program_;
  const Env& env_;
  CommonOptions options_;
  Json object_ = Json::object({{"schema", 1}});
  bool output_taken_ = false;  ///< standard output is the output's
  std::uint64_t last_percent_ = 101;
  std::string last_step_;
  std::chrono::milliseconds step_start_{};  ///< by Env::elapsed
  bool line_open_ = false;  ///< a progress line without its newline is on the terminal
};

/// 0 ok, 1 findings, 2 usage, 3 bad input, 4 does not fit, 5 refused, 6 external tool, 7 I/O.
int exit_status(Code code);

}  // namespace trxkit::cli
