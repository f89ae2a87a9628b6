// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/cli/program.h"

#include <algorithm>
#include <csignal>
#include <exception>
#include <ostream>

#include <fcntl.h>
#include <unistd.h>

#include "lib/cli/options.h"

namespace trxkit::cli {

struct Program::State {
  State(const std::string& program, const std::string& summary)
      : name(program), options(program, summary) {}
  std::string name;
  Options options;
};

namespace {

// The status of a run that has said everything; another one where nobody heard it.
int finish(Report& report, int status) {
  Status printed = report.finish();
  return printed ? status : report.error(printed.error());
}

// A program that is started without one of its standard streams would get the first file that it
// opens in the place of it, and print into that file. The stand-in fails as that stream would.
void open_standard_streams() {
  for (int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    bool missing = fcntl(stream, F_GETFD) < 0;
    // open() takes the lowest number that is free: that of this stream.
    if (missing) ::open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  }
}

}  // namespace

Program::Program(const std::string& name, const std::string& summary)
    : state_(std::make_unique<State>(name, summary)) {}

Program::~Program() = default;

Verb& Program::verb(const std::string& name, const std::string& summary) {
  return state_->options.add_verb(name, summary);
}

Verb& Program::whole() {
  return state_->options.whole_program();
}

int Program::run(std::span<const std::string> arguments, const Env& env) {
  auto parsed = state_->options.parse(arguments);
  if (!env.environment_fault.empty()) {
    parsed = fail(Code::usage, "{}", env.environment_fault);
  }
  if (!parsed) return refuse(parsed.error(), arguments, env);
  if (const auto* wanted = std::get_if<InformationWanted>(&*parsed)) {
    Report report(state_->name, env, CommonOptions{});
    report.say(wanted->text);
    return finish(report, 0);
  }
  const auto& invocation = std::get<Invocation>(*parsed);
  Report report(state_->name, env, invocation.common);
  if (!invocation.verb.empty()) report.result("verb", invocation.verb);
  Result<int> status = invocation.action(env, report);
  return finish(report, status ? *status : report.error(status.error()));
}

// Whoever reads JSON gets it for a command line that cannot be used as well.
int Program::refuse(const Error& error, std::span<const std::string> arguments, const Env& env) {
  bool json = std::ranges::find(arguments, "--json") != arguments.end();
  Report report(state_->name, env, {.json = json});
  if (!arguments.empty() && state_->options.has_verb(arguments[0])) {
    report.result("verb", arguments[0]);
  }
  return finish(report, report.error(error));
}

int run_tool(int (*tool)(std::span<const std::string>, const Env&), int argc, char** argv) {
  open_standard_streams();
  // A reader that goes away and a file that may not grow are failed writes, with a message and
  // without leftovers; by default both signals end the process at once.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  Env env = Env::system();
  std::vector<std::string> arguments(argv + 1, argv + argc);
  try {
    return tool(arguments, env);
  } catch (const std::exception& unexpected) {
    // Exceptions are programming errors or exhausted memory; results went through Result<T>.
    *env.err << argv[0] << ": stopped: " << unexpected.what() << "\n";
    return exit_status(Code::io);
  }
}

}  // namespace trxkit::cli
