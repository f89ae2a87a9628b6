// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Scratch files that nobody else can open and nothing has to remove: what a child says, what a pipe
// delivers.
#pragma once

#include <filesystem>

#include "lib/system/file.h"

namespace trxkit {

/// An empty file in `folder` for reading and writing that has no name any more: it is gone with its
/// descriptor. Errors: Code::io.
Result<FileDescriptor> unnamed_file(const std::filesystem::path& folder);

}  // namespace trxkit
