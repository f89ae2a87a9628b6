// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What is judged of a cpio header before libarchive sees it: libarchive 3.6 allocates as much as a
// newc header says that its name is long, up to 4 GiB, and looks for the next header behind bytes
// that are none (archive_read_support_format_cpio.c, header_newc()). Nothing else is read here.
#pragma once

#include "lib/core/bytes.h"
#include "lib/core/result.h"

namespace trxkit::archive {

/// A newc header (linux Documentation/driver-api/early-userspace/buffer-format.rst), in bytes.
inline constexpr std::size_t kNewcHeaderSize = 110;

/// Whether an archive that starts with `head` has newc headers, those with checksums included.
bool is_newc(Bytes head);

/// Whether `header` is a newc header, with a name of at most 64 KiB (Linux takes 4 KiB); one that
/// is cut short passes, for libarchive to say so. `where`: of its first byte. Errors:
/// Code::bad_input.
Status check_newc_header(Bytes header, const Where& where);

}  // namespace trxkit::archive
