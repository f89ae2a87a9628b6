// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// TRX images inside a flash dump or any other file, and which boards would start them.
#pragma once

#include <string>
#include <vector>

#include "lib/core/json.h"
#include "lib/trx/scan.h"

namespace trxkit::firmware {

struct FoundImage {
  trx::ScanHit hit;
  std::vector<std::string> boards;  ///< names of the boards whose magic it has
};

struct FoundImages {
  std::vector<FoundImage> list;
  bool overflow = false;  ///< as trx::Scan has it
};

/// Looks at every byte of `file` for images with the magic of a known board, of a known model, or
/// with any magic and the right CRC. Errors: those of board::load_all_boards(), Code::io.
Result<FoundImages> find_images(const InputFile& file, const Env& env);

/// [{"offset": ..., "container": ..., "magic": ..., "length": ..., "crc_ok": ...}, ...]
Json describe(const FoundImages& images);

/// The same for people, one line an image.
std::vector<std::string> describe_lines(const FoundImages& images);

}  // namespace trxkit::firmware
