// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// A root made ready for USB: what would write the router's flash is taken out or replaced by stubs
// that refuse, and what a start from USB needs is put in. Nothing is unpacked; the user's files
// stay as they are, and every change is listed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/archive/entry.h"
#include "lib/core/finding.h"
#include "lib/system/env.h"

namespace trxkit::rootfs {

enum class RootKind : std::uint8_t {
  openwrt_sh,     ///< /etc/preinit is process 1 (up to 12.09)
  openwrt_procd,  ///< procd is (14.07 and later)
  debian,
  plain,  ///< anything else, with busybox init where it has an inittab
};
std::string_view name_of(RootKind kind);  ///< "OpenWrt with procd"

struct RootChange {
  std::string path;  ///< in the root, relative
  std::string what;  ///< "refuses to run: it would write the flash"
};

struct UsbRoot {
  archive::SourcePointer tree = {};  ///< merged, ready for an image writer
  RootKind kind = RootKind::plain;
  std::string version = {};  ///< "OpenWrt 23.05.3", as the root calls itself; may be empty
  std::string init = {};     ///< what the boot entry has to start: "/sbin/init"
  std::vector<RootChange> changes = {};  ///< in the order of their paths
};

struct UsbRootOptions {
  bool as_is = false;        ///< change nothing, only look
  std::string init = {};     ///< that the user chose, absolute; empty: the root's own
  std::string led = "none";  ///< the status LED, as automatic_led() has it
  bool on_server = false;    ///< the interface to it must stay up all through the system's life
};

/// `source` (one entry a path: merge()'s) as a root for USB. Reads it twice, without its contents
/// but for small scripts. Errors: Code::bad_input for a root without an init (FSR030), and those of
/// the source. FSR031 for start scripts that may write the flash and are not known, FSR032 for
/// hooks that are no longer run, FSR033 where nothing would note a good start, FSR034 for flash
/// writers left by `as_is`, FSR035 for the preinit of a flash root that was taken out.
Result<UsbRoot> usb_root(const archive::SourcePointer& source, const UsbRootOptions& options,
                         const Env& env, Findings& findings);

}  // namespace trxkit::rootfs
