// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The rules that a container's header and the CyberTAN header in part 4 of version 2 share.
#pragma once

#include "lib/trx/container.h"

namespace trxkit::trx {

/// TRX040 where the model is no text; TRX035 where it is not that of `board` (may be null).
void judge_model(const Container& container, const board::Board* board, Findings& findings);

/// TRX039 for every field that no known tool writes so.
void judge_fields(const Container& container, Findings& findings);

}  // namespace trxkit::trx
