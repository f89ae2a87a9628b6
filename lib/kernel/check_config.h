// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What the configuration of a kernel has to say for its role.
#pragma once

#include "lib/kernel/check.h"
#include "lib/kernel/config.h"

namespace trxkit::kernel {

/// Findings ELF021 (MTD in a stick kernel), ELF022 and ELF023 (options that are off). `name`: the
/// kernel's file, for the findings.
Findings check_config(const KernelConfig& config, const std::string& name,
                      const board::Board& board, Role role);

}  // namespace trxkit::kernel
