// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What changed between two images: header fields, parts, what is in them, what surrounds them.
// Neither is judged.
#pragma once

#include <string>
#include <vector>

#include "lib/core/json.h"
#include "lib/firmware/analysis.h"

namespace trxkit::firmware {

/// One thing that is not the same in both.
struct Difference {
  std::string place;   ///< "header", "part 2", "behind length", "file"
  std::string field;   ///< "crc", "banner", "contents"
  Json before, after;  ///< null where that image has no such thing
  std::string text;    ///< for people: "0x1000 -> 0x2000"
};

/// All differences between the images in `a` and `b`, those of the header first; none only where
/// both files have the same bytes. Contents that differ are told by their SHA-256; `text` says from
/// which byte on. Errors: those of analyse().
Result<std::vector<Difference>> compare(const InputFile& a, const InputFile& b);

}  // namespace trxkit::firmware
