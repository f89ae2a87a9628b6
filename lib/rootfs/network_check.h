// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Whether a flash root can boot from the network as it was told to, and what that means.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "lib/board/board.h"
#include "lib/core/finding.h"
#include "lib/rootfs/wrapper_settings.h"

namespace trxkit::rootfs {

/// Whether a root's file `path` (relative) is one that check_network_programs() asks for.
bool is_network_program(std::string_view path);

/// Judges the root `name`, in which `files` are there (relative paths; those of
/// is_network_program() do): FSR100 where nobody has to sign, FSR101 where signatures are demanded
/// and nothing can check them, FSR102 for other programs that are missing, FSR103 where every port
/// of the switch is listened to.
void check_network_programs(const WrapperSettings& settings, const board::Board& board,
                            const std::string& name, const std::set<std::string>& files,
                            Findings& findings);

}  // namespace trxkit::rootfs
