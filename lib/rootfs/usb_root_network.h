// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// A root that lies on a server: whatever in it would take down the interface to that server, at its
// start or at its end, is replaced. What the user had there stays beside it.
#pragma once

#include "lib/rootfs/usb_root_work.h"

namespace trxkit::rootfs {

/// Adds what keeps the network up, and moves away what would not. Errors: Code::io for templates.
Status keep_network(UsbRootWork& work);

}  // namespace trxkit::rootfs
