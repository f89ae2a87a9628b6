// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The option parser behind Program: what a command line means, before anything is done. CLI11 stays
// inside options.cc (it costs four seconds of compile time a file).
#pragma once

#include <memory>
#include <span>
#include <string>
#include <variant>

#include "lib/cli/program.h"

namespace trxkit::cli {

/// What run() found on the command line.
struct Invocation {
  std::string verb;  ///< empty: a program without verbs
  CommonOptions common;
  std::function<Result<int>(const Env&, Report&)> action;
};

/// Text that was asked for (--help, --version): printed, then status 0.
struct InformationWanted {
  std::string text;
};

class Options {
 public:
  Options(const std::string& program, const std::string& summary);
  ~Options();
  Verb& add_verb(const std::string& name, const std::string& summary);
  Verb& whole_program();
  bool has_verb(const std::string& name) const;
  /// Parses, filling the targets of the chosen verb. Errors: Code::usage, with a suggestion where a
  /// word looks like a known one.
  Result<std::variant<Invocation, InformationWanted>> parse(std::span<const std::string> arguments);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace trxkit::cli
