// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What a board's vendor wants in and around an image: the CyberTAN header in part 4 of version 2,
// the ASUS tail, the container's header.
#pragma once

#include "lib/firmware/pack_inputs.h"

namespace trxkit::firmware {

/// Makes PackInputs::cybertan and PackInputs::asus_tail where the board and the version of
/// `request` want them; four parts in the recipe keep the one that they have. Errors: Code::io.
Status add_vendor_inputs(PackInputs& inputs, const PackRequest& request, const Env& env);

/// Bytes in front of the TRX for `board`; 0 without a board, or where nothing comes there.
Result<std::uint64_t> container_size(const board::Board* board, const Env& env);

/// Writes the header of the container of `board` at the start of `output`, in front of the TRX that
/// is there already. Errors: Code::does_not_fit, Code::io.
Status write_container(const board::Board& board, OutputFile& output, const Env& env);

}  // namespace trxkit::firmware
