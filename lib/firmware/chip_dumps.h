// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Dumps of a chip's partitions, and where they go back: sizes, erased or swapped bytes, the marks
// of CFE, nvram. Dumps are judged as they are; nothing is repaired.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/board/board.h"
#include "lib/core/finding.h"
#include "lib/trx/codec.h"

namespace trxkit::firmware {

/// A range of a dump and its place in the chip.
struct PlacedDump {
  const board::FlashPartition* partition = nullptr;
  const InputFile* file = nullptr;
  std::uint64_t file_offset = 0;  ///< bytes from the start of the file
  std::uint64_t chip_offset = 0;  ///< bytes from the start of the chip
  std::uint64_t size = 0;         ///< bytes
};

/// Where `file` goes: a dump of exactly `partition`, or of the whole chip, of which the partition's
/// range is taken. Of nvram, which ends with the chip, also the settings' space alone or a larger
/// last erase block. Nothing for any other size, which is a finding (MAP020).
std::optional<PlacedDump> place_dump(const board::Board& board,
                                     const board::FlashPartition& partition, const InputFile& file,
                                     Findings& findings);

/// Judges a dump of the boot loader: erased (MAP022), swapped (MAP025), marks (MAP021), and the
/// defaults inside it (NVR013, NVR015; MAP026 where there is no nvram beside it). Errors: Code::io.
Result<Findings> judge_boot_loader(const PlacedDump& dump, bool has_nvram);

/// Judges a dump of nvram: erased, swapped, and all rules of nvram (NVR0xx). Errors: Code::io.
Result<Findings> judge_nvram(const PlacedDump& dump, const board::Board& board);

/// Judges a dump of any other partition: erased. Errors: Code::io.
Result<Findings> judge_data(const PlacedDump& dump);

}  // namespace trxkit::firmware
