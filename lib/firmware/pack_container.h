// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What a board's vendor wants in and around an image: the CyberTAN header in part 4 of version 2,
// the ASUS tail, the container's header. A header or tail that the recipe has takes the place
// of the board's.
#pragma once

#include "lib/firmware/pack_inputs.h"

namespace trxkit::firmware {

/// Makes PackInputs::cybertan and PackInputs::asus_tail where the board and the version of
/// `request` want them; four parts in the recipe keep the one that they have. Errors: Code::io.
Status add_vendor_inputs(PackInputs& inputs, const PackRequest& request, const Env& env);

/// Bytes that part 3 starts before its offset says: what the header in front of the image means for
/// it. Errors: Code::bad_input with TRX030 where that header is cut short; Code::io.
Result<std::uint64_t> third_shift(const PackRequest& request, const PackInputs& inputs);

/// Writes what comes in front of the TRX: the file of the recipe, or zeros where the header of the
/// board's container will be. Errors: Code::bad_input for an empty file, Code::io.
Status start_container(const PackRequest& request, const PackInputs& inputs, OutputFile& output,
                       const Env& env);

/// Writes the header of the board's container, if one is to be made, at the start of `output`, in
/// front of the TRX that is there already. Errors: Code::does_not_fit, Code::io.
Status finish_container(const PackRequest& request, OutputFile& output, const Env& env);

/// Whether the TRX that every reader finds in the packed `file` is the one at `position`. Errors:
/// Code::bad_input where what is in front of it is no header of a container, or of another length;
/// TRX030; Code::io.
Status check_container(const InputFile& file, std::uint64_t position);

}  // namespace trxkit::firmware
