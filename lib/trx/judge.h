// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The rules of the container: magic, length, CRC, flags, version, offsets, what follows. Pure: it
// gets what was read and reports findings TRX0xx. Payloads are judged in payload.h, the flash map
// in lib/firmware.
#pragma once

#include <span>
#include <string>

#include "lib/board/board.h"
#include "lib/core/finding.h"
#include "lib/trx/trailer.h"

namespace trxkit::trx {

/// The findings for `image` whose bytes give `computed_crc`; `board` may be null. `owners`: names
/// of the boards that take its magic, where that is not what is expected.
Findings judge_image(const Image& image, std::uint32_t computed_crc, const Trailer& trailer,
                     const board::Board* board, std::span<const std::string> owners = {});

}  // namespace trxkit::trx
