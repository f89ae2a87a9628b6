// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// A finished file gets its final name, for files too large to be copied once more.
#pragma once

#include <filesystem>

#include "lib/core/result.h"

namespace trxkit {

/// Renames `from` to `to` on the same file system, in place of what is there, once the bytes are
/// safe; the new name is safe when this returns. Errors: Code::io, and then `to` is as it was,
/// unless the disk failed when its folder was synced: then it is the new file already.
Status move_file(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace trxkit
