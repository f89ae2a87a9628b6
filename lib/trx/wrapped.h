// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// An image with whatever surrounds it, at a place of a file: what every reader of images starts
// with.
#pragma once

#include "lib/trx/container.h"
#include "lib/trx/cybertan.h"

namespace trxkit::trx {

/// Where an image is looked for, and whether it is alone there.
struct Place {
  std::uint64_t position = 0;  ///< of the image or its container: bytes from the file's start
  /// The file goes on with other things behind the image, which is taken to end with `length` or
  /// with its container.
  bool embedded = false;
};

struct Wrapped {
  Container container;  ///< kind none around a bare image
  Image image;
  std::optional<CyberTanHeader> fourth;  ///< in part 4 of version 2
};

/// Reads container and header at `place`, and the container's checksums. Errors: those of
/// read_container() and read_image().
Result<Wrapped> read_wrapped(const InputFile& file, const Place& place,
                             std::optional<std::uint32_t> expected_magic);

/// Findings on what surrounds the image, and on part 4 of version 2. `board` may be null.
Findings judge_wrapped(const Container& container, const Image& image,
                       const std::optional<CyberTanHeader>& fourth, const board::Board* board);

}  // namespace trxkit::trx
