// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Whether a router can check the file systems of its stick.
#pragma once

#include <cstdint>
#include <string>

#include "lib/core/finding.h"

namespace trxkit::boot {

/// Reports STK001 where a check of the file system `label` of `size` bytes takes more memory than
/// `ram` and `swap` (bytes) together. /init skips such a check by the same rule: 1 MiB for each
/// GiB, begun ones included.
void judge_fsck_memory(const std::string& label, std::uint64_t size, std::uint64_t ram,
                       std::uint64_t swap, Findings& findings);

}  // namespace trxkit::boot
