// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What a root asks of the kernel that runs it, told from its contents: any source that users name,
// or a file system where it lies on a stick. Nothing is judged here.
#pragma once

#include <string>

#include "lib/boot/medium.h"
#include "lib/kernel/check.h"

namespace trxkit::boot {

/// Notes in `around` whether the root at `path` (any source) uses the FPU, and how it is packed if
/// it is a squashfs. Errors: those of rootfs::open_root().
Status look_into_root(const std::string& path, const Env& env, kernel::Surroundings& around);

/// The same for a file system, or for an archive that fills its file (`place.volume` has no type
/// then), and notes which file system it is. One that was not unmounted is not looked into. Errors:
/// Code::bad_input where it cannot be read, Code::io.
Status look_into_volume(const VolumePlace& place, const Env& env, kernel::Surroundings& around);

}  // namespace trxkit::boot
