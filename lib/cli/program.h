// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// A command line program: verbs with options, one place that turns failures into messages and exit
// statuses. The option parser (CLI11) stays inside options.cc.
//
//   int trxtool_main(std::span<const std::string> arguments, const Env& env) {
//     cli::Program program("trxtool", "pack, verify and inspect TRX images");
//     add_pack(program);
//     return program.run(arguments, env);
//   }
//   int main(int argc, char** argv) { return cli::run_tool(trxtool_main, argc, argv); }
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lib/cli/report.h"
#include "lib/core/result.h"
#include "lib/system/env.h"

namespace trxkit::cli {

/// One use of an option whose place on the command line matters.
struct OrderedOption {
  std::string name;  ///< "--align"
  std::string value;
};

/// Which numbers an option takes, and what its help calls them.
struct NumberRange {
  std::string name = "NUMBER";  ///< "SECONDS"
  std::uint64_t largest = UINT64_MAX;
};

/// A verb ("pack"), or a program without verbs. Option names are long words, "--board", or with a
/// short form "-o,--output"; a name without dashes is a positional argument. Targets must outlive
/// run().
class Verb {
 public:
  enum Need : bool { optional = false, required = true };

  virtual ~Verb() = default;
  virtual Verb& text(const std::string& names, std::string& target, const std::string& help,
                     Need need = optional) = 0;
  virtual Verb& list(const std::string& names, std::vector<std::string>& target,
                     const std::string& help, Need need = optional) = 0;
  virtual Verb& flag(const std::string& names, bool& target, const std::string& help) = 0;
  /// A size in bytes: k, M, G and 0x as parse_size() reads them.
  virtual Verb& size(const std::string& names, std::optional<std::uint64_t>& target,
                     const std::string& help) = 0;
  /// A plain decimal number of something that is no size: seconds, a port, a build.
  virtual Verb& number(const std::string& names, std::optional<std::uint64_t>& target,
                       const NumberRange& range, const std::string& help) = 0;
  /// One of `words`; `target` holds the default.
  virtual Verb& choice(const std::string& names, std::string& target,
                       const std::vector<std::string>& words, const std::string& help) = 0;
  /// Several options whose uses are collected in command-line order.
  virtual Verb& ordered(const std::vector<std::pair<std::string, std::string>>& names_and_help,
                        std::vector<OrderedOption>& target) = 0;
  /// What the verb does: returns the exit status (0, or 1 where findings failed it), or an error.
  virtual Verb& action(std::function<Result<int>(const Env&, Report&)> run) = 0;
};

class Program {
 public:
  /// `name` as it is called, `summary` one line for --help.
  Program(const std::string& name, const std::string& summary);
  ~Program();

  /// A verb with options of its own.
  Verb& verb(const std::string& name, const std::string& summary);
  /// The program itself, for programs without verbs.
  Verb& whole();

  /// Parses `arguments` (without the program's name), runs the verb, prints findings and errors.
  /// Returns the exit status.
  int run(std::span<const std::string> arguments, const Env& env);

 private:
  int refuse(const Error& error, std::span<const std::string> arguments, const Env& env);
  struct State;
  std::unique_ptr<State> state_;
};

/// Calls `tool` with the process's own Env; whatever it throws ends in a message and status 7.
int run_tool(int (*tool)(std::span<const std::string>, const Env&), int argc, char** argv);

}  // namespace trxkit::cli
