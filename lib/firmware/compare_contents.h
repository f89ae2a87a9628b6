// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Whether ranges of files hold the same bytes, packed and unpacked. Holds none of them in memory.
#pragma once

#include <optional>

#include "lib/core/digest.h"
#include "lib/trx/payload.h"

namespace trxkit::firmware {

/// SHA-256 of `range`. Errors: Code::io.
Result<Sha256Digest> digest_of(const trx::FileRange& range);

/// SHA-256 of what the gzip or LZMA payload `kind` in `range` unpacks to; nothing for other kinds
/// and for damaged streams. Errors: Code::io.
Result<std::optional<Sha256Digest>> unpacked_digest_of(const trx::FileRange& range,
                                                       trx::PayloadKind kind);

/// The first byte (from the start of the ranges) that only one of them has or that differs.
/// Errors: Code::io.
Result<std::optional<std::uint64_t>> first_difference(const trx::FileRange& a,
                                                      const trx::FileRange& b);

}  // namespace trxkit::firmware
