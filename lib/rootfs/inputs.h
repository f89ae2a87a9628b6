// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Inputs as the build manifest names them.
#pragma once

#include <string>

#include "lib/archive/entry.h"
#include "lib/core/manifest.h"
#include "lib/system/env.h"

namespace trxkit::rootfs {

/// The host file `path` with its hash; a folder (or "-") is named by the hash of the tar that
/// `tree`, its source of entries, would be. Errors: Code::io, Code::bad_input.
Result<ManifestFile> describe_input(const std::string& role, const std::string& path,
                                    const archive::Source& tree, const Env& env);

/// A folder, package or single file that holds kernel modules. Their times do not count: they go
/// nowhere.
Result<ManifestFile> describe_modules(const std::string& path, const Env& env);

/// The same for what is always a file.
Result<ManifestFile> describe_file(const std::string& role, const std::string& path,
                                   const Env& env);

}  // namespace trxkit::rootfs
