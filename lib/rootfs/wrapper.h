// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What the preinit wrapper consists of: the scripts and settings that go into every flash root.
#pragma once

#include <memory>
#include <string_view>

#include "lib/archive/memory.h"
#include "lib/rootfs/wrapper_settings.h"

namespace trxkit::rootfs {

/// Whether `preinit` (the text of an /etc/preinit) is a wrapper of ours, of any version.
bool is_wrapper(std::string_view preinit);

/// The text of /etc/usbboot/key.pub, the same key with a comment of ours. Errors: Code::bad_input
/// for a file that is no public key; Code::io.
Result<std::string> router_key_text(const WrapperSettings& settings, const Env& env);

/// A tree with /etc/preinit, /etc/usbboot.conf, /usr/sbin/usbboot-retry and the parts of the
/// wrapper in /etc/usbboot/; key.pub and trust.sh, overlay.sh, and network.sh, switch.sh and
/// udhcpc.sh, only where the settings want them. Errors: those of settings_text() and
/// router_key_text(); Code::bad_input for damaged templates; Code::io.
Result<std::shared_ptr<archive::MemoryTree>> wrapper_tree(const WrapperSettings& settings,
                                                          const board::Board& board,
                                                          const Env& env);

}  // namespace trxkit::rootfs
