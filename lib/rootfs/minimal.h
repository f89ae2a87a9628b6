// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Small roots made of a static busybox (and kexec) alone: a rescue system for the flash, what a
// second-stage loader consists of besides the search, and a first root for the stick.
#pragma once

#include <string>

#include "lib/archive/entry.h"
#include "lib/system/env.h"

namespace trxkit::rootfs {

struct MinimalRequest {
  std::string busybox = {};   ///< host path of a static busybox for the target
  std::string kexec = {};     ///< host path of a static kexec; empty: none
  std::string hostname = {};  ///< shown by the prompt
};

/// A root for the flash: /etc/preinit starts a rescue system on console (original preinit, to be
/// kept as preinit.00). Errors: Code::bad_input where a program is dynamic or not for MIPS
/// little endian; Code::io.
Result<archive::SourcePointer> minimal_flash_root(const MinimalRequest& request, const Env& env);

/// The initramfs of a second-stage loader, to be completed by flash_root(): /init starts the
/// search, /etc/preinit (original preinit, to be kept as preinit.00) the kernel in the flash's root
/// or else a rescue system. Errors: as above.
Result<archive::SourcePointer> minimal_second_stage(const MinimalRequest& request, const Env& env);

/// A root for the stick, to be completed by usb_root(): /sbin/init of busybox, a shell on the
/// console.
Result<archive::SourcePointer> minimal_stick_root(const MinimalRequest& request, const Env& env);

}  // namespace trxkit::rootfs
