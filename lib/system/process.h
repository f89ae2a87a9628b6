// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Child processes: an argument vector, never a shell; an environment rebuilt from nothing, so that
// the user's locale, time zone and tool settings cannot reach an image.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <sys/types.h>

#include "lib/core/bytes.h"
#include "lib/system/env.h"
#include "lib/system/file.h"

namespace trxkit {

/// What to run. The environment of the child holds PATH, LC_ALL=C, TZ=UTC, SOURCE_DATE_EPOCH and
/// `environment`, nothing else.
struct Command {
  std::vector<std::string> argv;  ///< argv[0] is looked up in env.search_path
  std::vector<std::pair<std::string, std::string>> environment = {};
  bool stdin_pipe = false;     ///< write_input() feeds the child; otherwise it reads /dev/null
  int stdout_descriptor = -1;  ///< where standard output goes; -1: captured by finish()
  /// The child talks to the user itself: it has our standard streams, and nothing is captured.
  bool on_our_streams = false;
  /// Bytes of address space that the child may have, for programs that read what strangers made;
  /// 0: no limit.
  std::uint64_t memory_limit = 0;

  /// The command as a person would type it, for messages.
  std::string text() const;
};

/// How a child ended that was not killed.
struct Outcome {
  int status = 0;           ///< its exit status
  std::string output = {};  ///< what finish() would return
};

/// A running child. Destroyed before finish(): it is killed and waited for.
class Process {
 public:
  /// Errors: Code::external_tool (not found: the hint names the Debian package where we know it).
  static Result<Process> start(const Command& command, const Env& env);
  Process(Process&&) noexcept;
  Process& operator=(Process&&) = delete;
  ~Process();

  /// Feeds the child's standard input. A child that died early is no error here: finish() knows
  /// why.
  Status write_input(Bytes bytes);
  /// Closes the child's input, waits for its end and returns what it printed on standard output
  /// (at most 16 MiB). Errors: Code::external_tool with the status, the end of its standard error
  /// and the limit of its memory, if it has one.
  Result<std::string> finish();
  /// The same for a child whose exit status is an answer: it is no error. Errors:
  /// Code::external_tool where a signal ended it.
  Result<Outcome> outcome();

 private:
  Process() = default;
  Result<FileDescriptor> make_streams(const Command& command, const Env& env);
  int wait();
  std::string captured() const;
  std::unexpected<Error> ended(int status) const;
  pid_t pid_ = -1;
  std::string text_;
  std::uint64_t memory_limit_ = 0;
  FileDescriptor input_;
  FileDescriptor output_;  ///< unlinked file that collects standard output
  FileDescriptor errors_;  ///< the same for standard error
};

/// start() and finish() in one.
Result<std::string> run(const Command& command, const Env& env);
/// start() and outcome() in one.
Result<Outcome> outcome_of(const Command& command, const Env& env);

}  // namespace trxkit
