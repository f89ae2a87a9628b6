// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// A bare TRX image out of its container, or out of a larger file.
#pragma once

#include <optional>
#include <string>

#include "lib/core/finding.h"
#include "lib/system/file.h"

namespace trxkit::firmware {

struct Unwrapped {
  std::uint64_t size = 0;  ///< bytes written
  Findings findings;       ///< on the container, and a wrong CRC
};

/// Writes the image in the container at `offset` (bytes; nothing: at the start of a file that it
/// fills) to `output` ("-": standard output), as it lies there with what belongs to it behind
/// `length`. Only an Edimax image is changed: part 3 goes back behind 12 bytes of zeros, and the
/// CRC is that of the result. An ASUS tail is part of the image and stays. Errors: Code::bad_input
/// where there is no TRX image, or an Edimax image is not sound; Code::io.
Result<Unwrapped> unwrap(const InputFile& file, std::optional<std::uint64_t> offset,
                         const std::string& output);

}  // namespace trxkit::firmware
