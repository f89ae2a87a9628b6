// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Paths that must not outlive the process: temporary names of outputs and scratch folders. They are
// removed by their owners, and by a handler when SIGINT, SIGTERM or SIGHUP ends the process. What
// cannot be undone then is said.
#pragma once

#include <filesystem>
#include <string>

namespace trxkit {

/// Registers `path` for removal on a fatal signal. The handler is installed with the first one.
void remove_on_signal(const std::filesystem::path& path);

/// Takes `path` off the list: it was renamed or removed.
void keep_on_signal(const std::filesystem::path& path);

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
