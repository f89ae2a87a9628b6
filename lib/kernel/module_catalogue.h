// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Modules that the boot chain can need: who provides them, and which ones a kind of root asks for.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace trxkit::kernel {

struct ModuleOrigin {
  std::string_view name;     ///< as the kernel calls it
  std::string_view option;   ///< without "CONFIG_"
  std::string_view package;  ///< OpenWrt's; empty: none has it
  /// Only other modules need it: not every kernel has it, and depends= asks for it where it does.
  bool helper = false;
};

/// The origin of `name` ('-' and '_' are the same), or null where this tool does not know it.
const ModuleOrigin* origin_of(std::string_view name);

/// What has to be loaded besides the board's modules before a root can be mounted that is named as
/// boot entries do ("image:PATH", "label:L", "uuid:U", "nbd:...", "nfs:...", "http:...", "tmpfs:"),
/// in load order.
std::vector<std::string> modules_for_root(std::string_view root);

}  // namespace trxkit::kernel
