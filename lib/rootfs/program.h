// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Programs for the router that come from the host: busybox and kexec. What cannot run there is
// refused here, not found out by a router that does not start.
#pragma once

#include <array>
#include <string>

#include "lib/archive/memory.h"
#include "lib/core/result.h"
#include "lib/system/env.h"

namespace trxkit::rootfs {

/// Where a root may have kexec, relative, in the order in which boot scripts look
/// (templates/boot.sh).
inline constexpr std::array kKexecPlaces{"usr/sbin/kexec", "sbin/kexec", "usr/bin/kexec",
                                         "bin/kexec"};

/// Checks that `path` is a static program for 32-bit little-endian MIPS before release 6 (no
/// PT_INTERP: the minimal roots have no C library). Errors: Code::bad_input, Code::io.
Status check_static_program(const std::string& path, const Env& env);

/// Adds the host's `program` to `tree` at `place`, 0:0 0755. Errors: those of
/// check_static_program().
Status add_static_program(archive::MemoryTree& tree, const std::string& place,
                          const std::string& program, const Env& env);

}  // namespace trxkit::rootfs
