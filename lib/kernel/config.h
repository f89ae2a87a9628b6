// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The configuration that a kernel carries (CONFIG_IKCONFIG).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "lib/kernel/elf.h"

namespace trxkit::kernel {

class KernelConfig {
 public:
  /// Reads the text of a .config; lines that are neither settings nor "is not set" are skipped.
  static KernelConfig parse(std::string_view text);

  /// The value of `option` (without "CONFIG_"): "y", "m", "n" for one that is not set, a number, or
  /// a string without its quotes; null where the text does not mention it.
  const std::string* find(std::string_view option) const;
  bool built_in(std::string_view option) const;  ///< =y
  bool enabled(std::string_view option) const;   ///< =y or =m

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

/// The configuration inside a kernel (linux kernel/configs.c: "IKCFG_ST", a gzip stream,
/// "IKCFG_ED"), or nothing where it carries none.
Result<std::optional<KernelConfig>> read_config(const InputFile& file, const KernelElf& elf);

}  // namespace trxkit::kernel
