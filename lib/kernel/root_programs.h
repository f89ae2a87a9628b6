// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What the programs of a root ask of the kernel.
#pragma once

#include <optional>

#include "lib/archive/entry.h"

namespace trxkit::kernel {

/// Whether the programs of `root` use floating point registers (.MIPS.abiflags), judged by the
/// first C library, dynamic loader, shell, busybox or init that tells. Nothing where none does:
/// those of another processor, older than binutils 2.25, or no programs at all. Errors: those of
/// the source.
Result<std::optional<bool>> uses_floating_point(const archive::Source& root);

}  // namespace trxkit::kernel
