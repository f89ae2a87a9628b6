// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The handler runs in a thread that waits for the signals with sigwait(), so that it may use all of
// the library (a directory tree cannot be removed inside an asynchronous handler).
#include "lib/system/cleanup.h"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <mutex>
#include <set>
#include <thread>

#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

namespace trxkit {
namespace {

struct Registry {
  std::mutex mutex;
  std::set<std::filesystem::path> paths;
  std::set<pid_t> children;  // not waited for: their ids are theirs
  std::string message;
};

Registry& registry() {
  static auto* instance = new Registry;  // never destroyed: the waiting thread may outlive main()
  return *instance;
}

// One that is ignored (nohup) stays so: while it is blocked, sigwait() would receive it all the
// same.
sigset_t fatal_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction action{};
    sigaction(signal, nullptr, &action);
    if (action.sa_handler != SIG_IGN) sigaddset(&signals, signal);
  }
  return signals;
}

bool runs(pid_t child) {
  siginfo_t end{};
  bool known = waitid(P_PID, static_cast<id_t>(child), &end, WEXITED | WNOHANG | WNOWAIT) == 0;
  return known && end.si_pid == 0;
}

// They get time to clean up themselves: an emulator has to leave the terminal as it was.
void end_children(const std::set<pid_t>& children) {
  constexpr int kPatience = 100;
  constexpr useconds_t kStep = 20'000;  // microseconds
  for (pid_t child : children) kill(child, SIGTERM);
  for (int i = 0; i < kPatience && std::ranges::any_of(children, runs); ++i) usleep(kStep);
  for (pid_t child : children) kill(child, SIGKILL);
}

[[noreturn]] void remove_everything_at_signal(sigset_t signals) {
  int signal = 0;
  sigwait(&signals, &signal);
  {
    std::scoped_lock lock(registry().mutex);
    end_children(registry().children);
    std::error_code ignored;
    for (const auto& path : registry().paths) std::filesystem::remove_all(path, ignored);
    if (!registry().message.empty()) dprintf(STDERR_FILENO, "\n%s\n", registry().message.c_str());
    // The lock is kept to the end of the process: nothing may be created any more.
    std::signal(signal, SIG_DFL);
    pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
    std::raise(signal);
  }
  std::_Exit(128 + signal);
}

void start_waiting() {
  sigset_t signals = fatal_signals();
  // Threads made later inherit the mask; children get an empty one (lib/system/process.cc).
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::thread(remove_everything_at_signal, signals).detach();
}

void install_handler() {
  static std::once_flag started;
  std::call_once(started, start_waiting);
}

}  // namespace

std::filesystem::path create_and_remove_on_signal(
    const std::function<std::filesystem::path()>& create) {
  install_handler();
  std::scoped_lock lock(registry().mutex);
  std::filesystem::path path = create();
  if (!path.empty()) registry().paths.insert(path);
  return path;
}

void keep_on_signal(const std::filesystem::path& path) {
  std::scoped_lock lock(registry().mutex);
  registry().paths.erase(path);
}

pid_t start_child(const std::function<pid_t()>& start) {
  install_handler();
  std::scoped_lock lock(registry().mutex);
  pid_t child = start();
  if (child > 0) registry().children.insert(child);
  return child;
}

void child_ended(pid_t child) {
  std::scoped_lock lock(registry().mutex);
  registry().children.erase(child);
}

SignalMessage::SignalMessage(const std::string& text) {
  install_handler();
  change(text);
}

SignalMessage::~SignalMessage() {
  change({});
}

void SignalMessage::change(const std::string& text) {
  std::scoped_lock lock(registry().mutex);
  registry().message = text;
}

}  // namespace trxkit
