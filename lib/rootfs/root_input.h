// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Roots as users name them: everything that the archive room reads, and firmware images.
#pragma once

#include <string>

#include "lib/archive/source.h"

namespace trxkit::rootfs {

/// The tree in `path`, recognised by its contents: all that archive::open_source() takes, and a TRX
/// image, bare or in a vendor's container, of which the first squashfs is taken. Errors: those of
/// archive::open_source() and image_root(); Code::bad_input (TRX005) for an image whose CRC is
/// wrong.
Result<archive::SourcePointer> open_root(const std::string& path,
                                         const archive::SourceOptions& options, const Env& env);

}  // namespace trxkit::rootfs
