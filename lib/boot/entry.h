// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What may stand in a boot entry: its name is a folder on the stick, its other values are lines
// that the router's shell reads.
#pragma once

#include <string>

#include "lib/core/result.h"

namespace trxkit::boot {

/// Whether `name` can be that of a boot entry: up to 32 of a-z, 0-9 and '-'. Errors: Code::usage.
Status check_entry_name(const std::string& name);

/// Whether `value` is one line without control characters; `what` names it in the message ("the
/// title"). Errors: Code::usage.
Status check_entry_value(const std::string& what, const std::string& value);

}  // namespace trxkit::boot
