// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What a root is and which of its files matter when it starts from USB, found in one pass. Looks,
// changes nothing.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "lib/rootfs/usb_root.h"

namespace trxkit::rootfs {

/// A start script: /lib/preinit, /etc/uci-defaults, /etc/hotplug.d/button.
struct StartScript {
  std::string path = {};
  std::string writes = {};                   ///< the words that write the flash; empty: none
  std::vector<std::string> root_hooks = {};  ///< functions put on OpenWrt's hook preinit_mount_root
};

struct RootSurvey {
  RootKind kind = RootKind::plain;
  std::string version = {};
  std::set<std::string, std::less<>> paths = {};  ///< those that are looked for, and exist
  std::map<std::string, std::string, std::less<>> links = {};  ///< symlinks among the folders
  std::map<std::string, std::string, std::less<>> texts = {};  ///< small files by path
  std::vector<StartScript> scripts = {};

  bool has(std::string_view path) const { return paths.contains(path); }
  /// `path` with the folders on its way that are symlinks replaced: "sbin/init" is "usr/sbin/init"
  /// where /sbin is a link to usr/sbin.
  std::string place(std::string path) const;
  /// The text of a file, or "".
  std::string text(std::string_view path) const;
};

/// Errors: those of `source`; Code::bad_input for a start script or setting of more than 256 KiB.
Result<RootSurvey> survey_root(const archive::Source& source);

}  // namespace trxkit::rootfs
