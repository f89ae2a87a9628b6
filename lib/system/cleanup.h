// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Paths that must not outlive the process: temporary names of outputs and scratch folders. They are
// removed by their owners, and by a handler when SIGINT, SIGTERM or SIGHUP ends the process.
#pragma once

#include <filesystem>

namespace trxkit {

/// Registers `path` for removal on a fatal signal. The handler is installed with the first one.
void remove_on_signal(const std::filesystem::path& path);

/// Takes `path` off the list: it was renamed or removed.
void keep_on_signal(const std::filesystem::path& path);

}  // namespace trxkit
