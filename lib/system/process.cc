// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/system/process.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/core/units.h"
#include "lib/system/cleanup.h"
#include "lib/system/host_program.h"
#include "lib/system/unnamed_file.h"

namespace trxkit {
namespace {

constexpr std::uint64_t kCapturedLimit = 16 << 20;

std::vector<std::string> environment_of(const Command& command, const Env& env) {
  std::vector<std::string> result{"PATH=" + env.search_path, "LC_ALL=C", "TZ=UTC",
                                  fmt::format("SOURCE_DATE_EPOCH={}", env.source_date_epoch)};
  for (const auto& [name, value] : command.environment) result.push_back(name + "=" + value);
  return result;
}

// `word` as a POSIX shell reads it back.
std::string quoted(const std::string& word) {
  if (!word.empty() && word.find_first_of(" \t\n'\"\\$*?[;&|<>()`#~!") == std::string::npos) {
    return word;
  }
  std::string result = "'";
  for (char c : word) result += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return result + "'";
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> result;
  for (std::string& text : strings) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

std::string contents(int descriptor, bool only_the_end) {
  constexpr off_t kEnd = 2000;
  off_t size = lseek(descriptor, 0, SEEK_END);
  off_t from = only_the_end && size > kEnd ? size - kEnd : 0;
  std::string text(static_cast<std::size_t>(std::min<off_t>(size - from, kCapturedLimit)), '\0');
  ssize_t got = pread(descriptor, text.data(), text.size(), from);
  text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return text;
}

// posix_spawn() sets no limits. It returns as soon as the program is loaded, so all that the
// program asks for itself comes behind this. A child that has ended already needs no limit.
Status limit_memory(pid_t child, std::uint64_t bytes) {
  rlimit limit{.rlim_cur = bytes, .rlim_max = bytes};
  if (prlimit(child, RLIMIT_AS, &limit, nullptr) == 0 || errno == ESRCH) return {};
  return fail(Code::io, "cannot limit the memory of a program: {}", std::strerror(errno));
}

// Files for the child's three standard streams, and its signal mask: SIGINT and its like are
// blocked in our threads (lib/system/cleanup.cc), not in the child.
class SpawnSettings {
 public:
  SpawnSettings() {
    posix_spawn_file_actions_init(&actions_);
    posix_spawnattr_init(&attributes_);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes_, &none);
    sigset_t defaults;
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    sigaddset(&defaults, SIGXFSZ);
    posix_spawnattr_setsigdefault(&attributes_, &defaults);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~SpawnSettings() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
  void connect(int from, int to) {
    if (from >= 0) posix_spawn_file_actions_adddup2(&actions_, from, to);
  }
  posix_spawn_file_actions_t* actions() { return &actions_; }
  posix_spawnattr_t* attributes() { return &attributes_; }

 private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

}  // namespace

std::string Command::text() const {
  std::string result;
  for (const std::string& word : argv) {
    result += (result.empty() ? "" : " ") + quoted(word);
  }
  return result;
}

Result<FileDescriptor> Process::make_streams(const Command& command, const Env& env) {
  errors_ = TRY(unnamed_file(env.temporary_directory));
  if (command.stdout_descriptor < 0) output_ = TRY(unnamed_file(env.temporary_directory));
  if (!command.stdin_pipe) return FileDescriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  std::array<int, 2> ends{-1, -1};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    return fail(Code::io, "cannot make a pipe: {}", std::strerror(errno));
  }
  input_ = FileDescriptor(ends[1]);
  // A child that dies early must show in finish(), not kill us.
  std::signal(SIGPIPE, SIG_IGN);
  return FileDescriptor(ends[0]);
}

Result<Process> Process::start(const Command& command, const Env& env) {
  std::string program = TRY(find_program(command.argv.at(0), env.search_path));
  Process process;
  process.text_ = command.text();
  FileDescriptor child_input;
  if (!command.on_our_streams) child_input = TRY(process.make_streams(command, env));
  SpawnSettings settings;
  settings.connect(child_input.get(), STDIN_FILENO);
  settings.connect(process.output_ ? process.output_.get() : command.stdout_descriptor,
                   STDOUT_FILENO);
  settings.connect(process.errors_.get(), STDERR_FILENO);
  std::vector<std::string> arguments = command.argv;
  std::vector<std::string> variables = environment_of(command, env);
  int error = 0;
  process.pid_ = start_child([&] {
    pid_t child = -1;
    error = posix_spawn(&child, program.c_str(), settings.actions(), settings.attributes(),
                        pointers(arguments).data(), pointers(variables).data());
    return error == 0 ? child : -1;
  });
  if (error != 0) {
    return fail(Code::external_tool, "cannot run {}: {}", program, std::strerror(error));
  }
  process.memory_limit_ = command.memory_limit;
  if (command.memory_limit > 0) TRY(limit_memory(process.pid_, command.memory_limit));
  return process;
}

Process::Process(Process&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      text_(std::move(other.text_)),
      memory_limit_(other.memory_limit_),
      input_(std::move(other.input_)),
      output_(std::move(other.output_)),
      errors_(std::move(other.errors_)) {}

Process::~Process() {
  if (pid_ < 0) return;
  kill(pid_, SIGKILL);
  wait();
}

Status Process::write_input(Bytes bytes) {
  while (!bytes.empty() && input_) {
    ssize_t put = ::write(input_.get(), bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0 && errno == EPIPE) {
      input_.close();
      return {};
    }
    if (put < 0) return fail(Code::io, "cannot write to {}: {}", text_, std::strerror(errno));
    bytes = bytes.subspan(static_cast<std::size_t>(put));
  }
  return {};
}

int Process::wait() {
  input_.close();
  siginfo_t end{};
  while (waitid(P_PID, static_cast<id_t>(pid_), &end, WEXITED | WNOWAIT) < 0 && errno == EINTR) {
  }
  child_ended(pid_);
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  return status;
}

std::string Process::captured() const {
  return output_ ? contents(output_.get(), false) : std::string();
}

std::unexpected<Error> Process::ended(int status) const {
  std::string end = WIFEXITED(status) ? fmt::format("exit status {}", WEXITSTATUS(status))
                                      : fmt::format("signal {}", WTERMSIG(status));
  std::string said = errors_ ? contents(errors_.get(), true) : std::string();
  while (said.ends_with('\n')) said.pop_back();
  if (memory_limit_ > 0)
    end += fmt::format(" (it may use {} of memory)", human_size(memory_limit_));
  return advise(fail(Code::external_tool, "{} ended with {}", text_, end), said);
}

Result<std::string> Process::finish() {
  int status = wait();
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return captured();
  return ended(status);
}

Result<Outcome> Process::outcome() {
  int status = wait();
  if (WIFEXITED(status)) return Outcome{WEXITSTATUS(status), captured()};
  return ended(status);
}

Result<std::string> run(const Command& command, const Env& env) {
  Process process = TRY(Process::start(command, env));
  return process.finish();
}

Result<Outcome> outcome_of(const Command& command, const Env& env) {
  Process process = TRY(Process::start(command, env));
  return process.outcome();
}

}  // namespace trxkit
