// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// How an image can be put together again out of extracted parts, bit for bit: which bytes go into
// which file, and the recipe that trxtool pack follows. Plans only; extract.h writes the files.
#pragma once

#include <string>
#include <vector>

#include "lib/firmware/analysis.h"
#include "lib/firmware/recipe.h"

namespace trxkit::firmware {

/// A piece of an image that becomes a file: its bytes as they are stored.
struct ExtractPiece {
  unsigned part = 0;         ///< 1 to 4; 0: in front of the header or behind `length`
  std::string name;          ///< in the folder: "before.bin", "part1.gz", "part1.padding"
  std::uint64_t offset = 0;  ///< bytes from the start of the file
  std::uint64_t size = 0;    ///< bytes
};

struct ExtractPlan {
  std::vector<ExtractPiece> pieces;  ///< by offset, every byte that is not zero among them
  Recipe recipe;
};

/// Bytes of `payload` that are its own: padding behind a compressed stream belongs to the image (xz
/// takes it for damage), but bytes that are none may be a second file in the part.
std::uint64_t stored_size(const trx::Payload& payload);

/// "part1.gz": what the file of `payload` is called; `unpacked`: gzip and LZMA taken off.
std::string file_name(const trx::Payload& payload, bool unpacked);

/// The plan for the image that `analysis` describes. Errors: Code::bad_input with TRX052 where no
/// recipe gives it: pack makes sound images only. Code::io.
Result<ExtractPlan> plan_extraction(const InputFile& file, const Analysis& analysis);

}  // namespace trxkit::firmware
