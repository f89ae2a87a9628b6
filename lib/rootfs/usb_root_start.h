// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What a root needs to start from USB, and to say that it did: init, console, mount points, and the
// trxkit commands in the places where its init runs them.
#pragma once

#include <string>

#include "lib/rootfs/usb_root_work.h"

namespace trxkit::rootfs {

/// Adds what the root lacks; sets its init. Errors: Code::bad_input where there is no init
/// (FSR030); Code::io for templates. FSR033 where nothing can be made to call usbboot-ok. `led`: as
/// in UsbRootOptions.
Status add_start(UsbRootWork& work, const std::string& led);

/// What the boot entry has to start in the root, absolute; empty where the root has no init.
std::string init_of(const RootSurvey& survey);

/// FSR030: there is no init in the root `name`.
Error no_init(const std::string& name);

}  // namespace trxkit::rootfs
