// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Why a writer does not write what was judged bad.
#pragma once

#include <optional>

#include "lib/core/finding.h"

namespace trxkit::firmware {

/// Nothing without an error among `findings`; Code::does_not_fit where all errors say "too large",
/// else Code::bad_input.
std::optional<Code> refusal_of(const Findings& findings);

}  // namespace trxkit::firmware
