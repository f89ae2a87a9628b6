// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Hashes that are computed while other work goes on: reading and hashing hundreds of megabytes is a
// good part of the time that a stick takes. Only complete files are hashed so.
#pragma once

#include <future>
#include <string>

#include "lib/system/env.h"
#include "lib/system/file.h"

namespace trxkit::boot {

/// The SHA-256 of a file in hexadecimal digits, or why it has none. get() waits for it; so does the
/// end of the last copy, so the file may go away after that.
using PendingHash = std::shared_future<Result<std::string>>;

/// Begins to hash the file `path`, which nobody changes any more. Errors (of get()): Code::io.
PendingHash begin_hash(const std::string& path, const Env& env);

}  // namespace trxkit::boot
