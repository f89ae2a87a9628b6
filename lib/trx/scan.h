// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Where TRX images lie in a file that holds more: a dump of a whole flash, a container, anything.
// One pass over the bytes, however many headers they hold; what is found is not judged.
#pragma once

#include <span>
#include <vector>

#include "lib/board/board.h"
#include "lib/trx/image.h"

namespace trxkit::trx {

/// An image that was found.
struct ScanHit {
  Image image;          ///< from its header on, to the end of the file
  bool crc_ok = false;  ///< never for one that the file cuts short
  board::ContainerKind container = board::ContainerKind::none;
  std::uint64_t start = 0;  ///< of the container, or of the header: bytes from the file's start
};

struct Scan {
  std::vector<ScanHit> hits;  ///< by the place of their headers
  /// There were more headers at once than can be kept in mind: some were passed over.
  bool overflow = false;
};

/// Finds every header at any byte of `file` that has a known magic or one of `magics`, a version
/// that exists and a length of at least the header; or whatever magic, but the form of a header
/// and the right CRC. Memory stays below 16 MiB. Errors: Code::io.
Result<Scan> scan_images(const InputFile& file, std::span<const std::uint32_t> magics);

}  // namespace trxkit::trx
