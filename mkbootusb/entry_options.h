// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Boot entries as they stand on the command line: --entry NAME,KEY=VALUE,KEY,...
#pragma once

#include <string>

#include "lib/boot/stick.h"

namespace trxkit {

/// The entry that `text` asks for: `defaults`, but with this name and what the keys say. A comma
/// within a value is written twice. Errors: Code::usage for unknown keys (with a suggestion) and
/// values that the key cannot have.
Result<boot::EntryRequest> parse_entry(const std::string& text, const boot::EntryRequest& defaults);

/// "image", "squashfs" or "partition". Errors: Code::usage.
Result<boot::RootForm> root_form_named(const std::string& name);

/// The keys, for --help: "title=, priority=, ...".
std::string entry_keys();

}  // namespace trxkit
