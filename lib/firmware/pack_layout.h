// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Where the parts of an image go: in the order of the request, the root file system at an erase
// block of the flash, JFFS2 markers behind it.
#pragma once

#include "lib/firmware/pack_inputs.h"
#include "lib/trx/compose.h"

namespace trxkit::firmware {

/// Fills `composition` and closes it. Errors: those of the composition's steps.
Status lay_out(const PackRequest& request, const PackInputs& inputs, trx::Composition& composition);

}  // namespace trxkit::firmware
