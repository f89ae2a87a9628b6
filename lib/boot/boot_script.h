// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What decides on the router before any kernel of the stick runs: /boot/boot.sh and its settings.
#pragma once

#include <string>

#include "lib/core/result.h"
#include "lib/system/env.h"

namespace trxkit::boot {

/// /boot/boot.sh: templates/boot.sh with the files that it sources (". boot/NAME.sh") in place of
/// those lines, so that preinit has one file to copy and to run. Errors: Code::io.
Result<std::string> boot_script(const Env& env);

/// Seconds that boot.sh offers a choice of entries on the console, where nobody says otherwise.
constexpr unsigned kChoiceTimeout = 3;

/// The lines of /boot/boot.conf; empty where all is as boot.sh takes it without the file.
/// `timeout`: seconds that the console offers a choice of entries, 0: none. `guard`: whether
/// boot.sh notes in /boot/tried what it starts; without it the stick is never written, and a system
/// that does not come up is tried at every start. Errors: Code::usage for more than 999 seconds.
Result<std::string> boot_settings_text(unsigned timeout, bool guard);

}  // namespace trxkit::boot
