// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What the preinit wrapper consists of: the scripts and settings that go into every flash root.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "lib/archive/memory.h"
#include "lib/board/board.h"
#include "lib/system/env.h"

namespace trxkit::rootfs {

struct WrapperSettings {
  std::string url;      ///< where boot.sh lies, "http://..."; empty: the network is not tried
  std::string address;  ///< "A.B.C.D/N" of the router while it asks; empty: DHCP
  std::vector<std::string> modules = {};  ///< to load, in order; empty: the board's
};

/// Whether `preinit` (the text of an /etc/preinit) is a wrapper of ours, of any version.
bool is_wrapper(std::string_view preinit);

/// A tree with /etc/preinit, /etc/usbboot.conf, /usr/sbin/usbboot-retry and /etc/usbboot/: usb.sh,
/// pivot.sh, and network.sh and udhcpc.sh where a URL is set. Errors:
/// Code::usage for an unusable URL or address; Code::bad_input for damaged templates; Code::io.
Result<std::shared_ptr<archive::MemoryTree>> wrapper_tree(const WrapperSettings& settings,
                                                          const board::Board& board,
                                                          const Env& env);

}  // namespace trxkit::rootfs
