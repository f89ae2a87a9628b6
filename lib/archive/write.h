// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Entry streams out, as archives: tar (pax) for squashfs builders, cpio (newc) for initramfs.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "lib/archive/entry.h"

namespace trxkit::archive {

/// Where a writer puts its bytes, piece by piece.
using ByteSink = std::function<Status(Bytes)>;

/// A pax tar with numeric owners, ended by its two zero blocks.
std::unique_ptr<Writer> tar_writer(ByteSink sink);

/// A newc cpio as the kernel's initramfs unpacker reads it (linux
/// Documentation/driver-api/early-userspace/buffer-format.rst): inode numbers count from 1, names
/// have no leading "./".
std::unique_ptr<Writer> cpio_writer(ByteSink sink);

}  // namespace trxkit::archive
