// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Names survive a power cut only once the folder that they stand in is synced.
#pragma once

#include <filesystem>

#include "lib/core/result.h"

namespace trxkit {

/// Makes the names in `folder` safe; an empty path, the folder of a bare name, is the current
/// folder. Folders that may not be read or cannot be synced are passed over. Errors: Code::io.
Status sync_folder(const std::filesystem::path& folder);

}  // namespace trxkit
