// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What must not outlive the process: temporary names of outputs, scratch folders, child processes.
// Their owners remove and end them, and a handler does when SIGINT, SIGTERM or SIGHUP ends the
// process. What cannot be undone then is said.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include <sys/types.h>

namespace trxkit {

/// Calls `create`, which creates a file or folder and returns its path, or an empty one where it
/// could not, and registers that for removal on a fatal signal. No signal is answered in between.
/// Returns the path.
std::filesystem::path create_and_remove_on_signal(
    const std::function<std::filesystem::path()>& create);

/// Takes `path` off the list: it was renamed or removed.
void keep_on_signal(const std::filesystem::path& path);

/// Calls `start`, which starts a child process and returns its id, or less than 1 where it could
/// not. A fatal signal ends that child before anything is removed: by SIGTERM, and by SIGKILL where
/// it is still there two seconds later. No signal is answered while `start` runs.
pid_t start_child(const std::function<pid_t()>& start);

/// Takes `child` off the list: it has ended, and has not been waited for yet (its id would be free
/// for others).
void child_ended(pid_t child);

/// While it lives, a fatal signal prints its text on standard error before the process ends. Once
/// the signal is there, change() and the end of its life do not return: what they announce does not
/// happen any more.
class SignalMessage {
 public:
  explicit SignalMessage(const std::string& text);
  ~SignalMessage();
  SignalMessage(const SignalMessage&) = delete;
  SignalMessage& operator=(const SignalMessage&) = delete;
  void change(const std::string& text);
};

}  // namespace trxkit
