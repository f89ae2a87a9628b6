// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// File systems judged by their own checkers, e2fsck and fsck.fat, which are told to change nothing.
#pragma once

#include <filesystem>

#include "lib/boot/medium.h"
#include "lib/core/finding.h"

namespace trxkit::boot {

/// Findings on the file system at `place`, called `name`: STK031 to STK033. One that was not
/// unmounted is not looked into, since its journal would have to be replayed first. `scratch`: for
/// the copy that fsck.fat needs of a volume that does not fill its file. Errors: Code::io.
Result<Findings> check_volume(const VolumePlace& place, const std::string& name,
                              const std::filesystem::path& scratch, const Env& env);

}  // namespace trxkit::boot
