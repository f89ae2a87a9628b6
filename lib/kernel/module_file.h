// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// One kernel module (.ko): what its section .modinfo says about it. Parsed faithfully; judged by
// plan_modules().
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/core/bytes.h"

namespace trxkit::kernel {

struct ModuleFile {
  std::uint8_t elf_class = 0;
  std::uint8_t data = 0;
  std::uint16_t machine = 0;
  std::uint32_t flags = 0;
  std::string vermagic = {};              ///< of the kernel that it was built with; may be empty
  std::vector<std::string> depends = {};  ///< names of modules that have to be there before
  std::vector<std::string> wishes = {};   ///< softdep "pre:": loaded before where they are there

  /// Whether a 32-bit little-endian MIPS kernel before release 6 can load it.
  bool for_mipsel() const;
  /// The first word of `vermagic`: "6.1.0-13-4kc-malta".
  std::string release() const;
};

/// "kernel/drivers/usb/storage/usb-storage.ko.xz" -> "usb_storage", as the kernel calls it.
std::string module_name(std::string_view path);

/// Whether the last name of `path` is that of a module, compressed or not.
bool is_module_path(std::string_view path);

/// Reads an uncompressed module; `name` is for messages. Errors: Code::bad_input where it is no ELF
/// object file with a .modinfo, or its headers lie outside it.
Result<ModuleFile> read_module(Bytes contents, const std::string& name);

}  // namespace trxkit::kernel
