// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Programs for the router that come from the host: busybox and kexec. What cannot run there is
// refused here, not found out by a router that does not start.
#pragma once

#include <string>

#include "lib/core/result.h"
#include "lib/system/env.h"

namespace trxkit::rootfs {

/// Checks that `path` is a static program for 32-bit little-endian MIPS before release 6 (no
/// PT_INTERP: the minimal roots have no C library). Errors: Code::bad_input, Code::io.
Status check_static_program(const std::string& path, const Env& env);

}  // namespace trxkit::rootfs
