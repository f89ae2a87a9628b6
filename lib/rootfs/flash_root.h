// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The flash root: a base root with our /etc/preinit in front of its own.
#pragma once

#include <string>
#include <vector>

#include "lib/archive/entry.h"
#include "lib/board/board.h"
#include "lib/core/finding.h"
#include "lib/rootfs/wrapper_settings.h"

namespace trxkit::rootfs {

struct FlashRootRequest {
  archive::SourcePointer base = {};
  /// Host paths of what holds the kernel's modules; those that are needed go along. Empty: none.
  std::vector<std::string> modules = {};
  std::string kernel = {};  ///< host path of the flash kernel; empty: not known
  std::string kexec = {};   ///< host path of a static kexec to add at /usr/sbin/kexec; empty: none
  /// Host path of a static signify to add at /usr/bin/signify-openbsd; empty: none.
  std::string signify = {};
  std::string nbd_client = {};  ///< host path of a static nbd-client to add; empty: none
  /// The tree goes into the kernel's own initramfs, not into a squashfs (second_stage.h): nothing
  /// can change its root under the running kernel, and the kernel needs none in the flash.
  bool in_initramfs = false;
  /// Its modules are not looked at: they follow from `modules` above.
  WrapperSettings wrapper = {};
};

struct FlashRoot {
  archive::SourcePointer tree = {};  ///< ready for image::write_squashfs()
  bool carried_wrapper = false;      ///< the base had our preinit already; its preinit.00 is kept
  std::string original_sha256 = {};  ///< of /etc/preinit.00
  std::uint64_t original_size = 0;   ///< bytes of /etc/preinit.00
  std::string public_key = {};       ///< text of /etc/usbboot/key.pub; empty: none
};

/// The base, and over it our preinit at /etc/preinit (with /etc/usbboot.conf
/// and /etc/usbboot/), the one that was there, byte for byte with mode and owner,
/// at /etc/preinit.00, /dev/console c 5:1 0600 and a 0:0 0755 root directory. A base that already
/// carries our preinit gets the new one and keeps its preinit.00. Errors: Code::bad_input where
/// there is no executable /etc/preinit that can be resolved inside the tree, or an /etc/preinit.00
/// that is not ours; Code::usage for unusable settings. FSR002 where the root has no
/// kexec; FSR100 to FSR103 on booting from the network; MOD0xx on the modules, ELF0xx on the
/// kernel; FSR040 and FSR041 on sysupgrade.
Result<FlashRoot> flash_root(const FlashRootRequest& request, const board::Board& board,
                             const Env& env, Findings& findings);

}  // namespace trxkit::rootfs
