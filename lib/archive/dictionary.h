// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// How much memory a compressed file claims for its decoder, told from its first headers: lzma and
// xz may ask for 4 GiB. libarchive sets no limit that would be of use (3.6,
// archive_read_support_filter_xz.c: 1 GiB for lzma, none for xz). Headers further on, of other
// blocks, are not looked at.
#pragma once

#include "lib/core/bytes.h"
#include "lib/core/result.h"

namespace trxkit::archive {

/// Bytes at the start of a file that check_dictionary() wants, if there are so many.
inline constexpr std::size_t kDictionaryHead = 12 + 1024;

/// Whether the dictionary (window) of an lzma, xz, lzip or zstd file that starts with `head` has at
/// most 64 MiB, as after "xz -9". Other files pass, and headers that make no sense: those are left
/// to the decoder. Errors: Code::bad_input.
Status check_dictionary(Bytes head, const Where& where);

}  // namespace trxkit::archive
