// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What writers of archives share.
#pragma once

#include "lib/archive/entry.h"
#include "lib/archive/write.h"

namespace trxkit::archive {

/// Passes exactly entry.size bytes of `contents` to `sink`. Errors: Code::bad_input where it has
/// fewer or more.
Status copy_contents(const Entry& entry, Reader& contents, const ByteSink& sink);

/// Passes as many zero bytes to `sink` as make `size` a multiple of `alignment` (at most 512).
Status pad(std::uint64_t size, std::uint64_t alignment, const ByteSink& sink);

}  // namespace trxkit::archive
