// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Unpacks streams that lie inside a kernel (configuration, initramfs), piece by piece, with bounded
// memory and a bounded result. It reads what the kernel's own decompressors read, and no more.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "lib/kernel/scan.h"

namespace trxkit::kernel {

/// How an initramfs may be packed (linux lib/decompress.c).
enum class Packing : std::uint8_t { none, gzip, xz, lzma, bzip2, lzo, lz4, zstd };

std::string_view name_of(Packing packing);

/// The kernel option without which a kernel cannot unpack it: "RD_XZ"; empty for `none`.
std::string_view option_for(Packing packing);

/// What begins with `head` (8 bytes are enough), or nothing where it is neither a packed stream nor
/// a newc cpio.
std::optional<Packing> packing_of(Bytes head);

/// Why no kernel can unpack the stream that begins with `head`, although it is sound, or empty: xz
/// with another check than CRC32 or none (linux lib/xz/xz_dec_stream.c without XZ_DEC_ANY_CHECK).
std::string_view refusal_of_kernels(Bytes head, Packing packing);

struct UnpackedSizes {
  std::uint64_t packed = 0;    ///< bytes that the stream takes in the file
  std::uint64_t unpacked = 0;  ///< bytes delivered
};

/// Delivers the contents of the stream that starts at `source.offset` and ends before its end.
/// `none` delivers all of `source`. Errors: Code::bad_input for damage, more than `limit` bytes, a
/// dictionary over 32 MiB, or a packing other than none, gzip, xz and lzma.
Result<UnpackedSizes> unpack(const InputFile& file, FileRange source, Packing packing,
                             std::uint64_t limit, const std::function<Status(Bytes)>& sink);

}  // namespace trxkit::kernel
