// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// nvram in words and in JSON. Values that look like secrets are left out unless they are wanted.
#pragma once

#include <string>
#include <vector>

#include "lib/core/json.h"
#include "lib/nvram/nvram.h"

namespace trxkit::nvram {

enum class Secrets : bool { hidden, shown };

/// {"file": ..., "place": ..., "length": ..., "settings": [{"name": ..., "value": ...}]}; a hidden
/// value is missing and its setting has "hidden": true.
Json describe(const Nvram& nvram, Secrets secrets);

/// The same for people, one line an element; control bytes of values as \xNN.
std::vector<std::string> describe_lines(const Nvram& nvram, Secrets secrets);

}  // namespace trxkit::nvram
