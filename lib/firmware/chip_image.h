// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The contents of a whole flash chip, for a programmer: the boot loader's dump, an image, nvram and
// other dumps at their places, erased bytes (0xFF) between. Everything is judged first, against the
// board's flash map; with an error nothing is written.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lib/board/board.h"
#include "lib/core/finding.h"
#include "lib/core/manifest.h"

namespace trxkit::firmware {

struct ChipRequest {
  const board::Board* board = nullptr;
  std::string image;        ///< TRX
  std::string boot_loader;  ///< dump of its partition or of the whole chip
  std::string nvram;        ///< the same of nvram; empty: left erased
  /// Dumps of partitions with role "data": the partition's name and the file.
  std::vector<std::pair<std::string, std::string>> data;
  std::string output;  ///< "-" is standard output, and then there is no manifest
};

/// One thing in the chip.
struct ChipPart {
  std::string name;          ///< of the partition
  std::string file;          ///< as the user named it
  std::uint64_t offset = 0;  ///< bytes from the start of the chip
  std::uint64_t size = 0;    ///< bytes
};

struct ChipReport {
  std::vector<ChipPart> parts;  ///< by offset
  Findings findings;
  std::optional<Code> refusal;            ///< why nothing was written: the findings hold errors
  std::optional<BuildManifest> manifest;  ///< as written beside the output
};

/// Errors: Code::usage for a data partition that the board does not have; Code::refused where the
/// output would replace an input; Code::bad_input where the image is no TRX; Code::io.
Result<ChipReport> make_chip_image(const ChipRequest& request, const Env& env);

}  // namespace trxkit::firmware
