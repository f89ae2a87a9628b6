// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Swap areas: the header that mkswap writes. A router's pages are 4 KiB; other page sizes are not
// made here.
#pragma once

#include <cstdint>
#include <string>

#include "lib/system/file.h"

namespace trxkit::image {

struct SwapOptions {
  std::string label;         ///< at most 16 bytes
  std::string uuid;          ///< "xxxxxxxx-xxxx-..."
  std::uint64_t size = 0;    ///< bytes, a multiple of 4096, from 40 KiB
  std::uint64_t offset = 0;  ///< bytes from the start of the output
};

/// Makes [offset, offset + size) of `output` (which is resized where it is too short) a swap area
/// of version 1, little endian (linux include/linux/swap.h, union swap_header). Errors: Code::usage
/// for options that it cannot have; Code::refused where `output` is a pipe or device; Code::io.
Status write_swap(OutputFile& output, const SwapOptions& options);

}  // namespace trxkit::image
