// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The status LED outside preinit: the functions that preinit has for it, and which LED it is. For
// the initramfs and roots on USB; the flash root gets its LED with the other settings.
#pragma once

#include <string>

#include "lib/archive/memory.h"
#include "lib/system/env.h"

namespace trxkit::rootfs {

/// Adds etc/usbboot/gpio.sh, led.sh and led.conf to `tree`. `led`: as automatic_led() has it, or
/// "none". Errors: Code::io.
Status add_led(archive::MemoryTree& tree, const std::string& led, const Env& env);

}  // namespace trxkit::rootfs
