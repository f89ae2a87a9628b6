// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Which options a kernel needs: for its role, its machine, and the root that it will find. A list;
// nothing is judged here.
#pragma once

#include <string_view>
#include <vector>

#include "lib/kernel/check_parts.h"

namespace trxkit::kernel {

enum class Need : std::uint8_t {
  built_in,   ///< must be =y, else the kernel cannot do its work: ELF022
  available,  ///< =y or =m (modules may bring it), else usually a mistake: ELF023
  not_off,    ///< only "is not set" is a mistake: older kernels do not know it: ELF023
};

struct Requirement {
  std::string_view option;  ///< without "CONFIG_"
  Need need = Need::available;
  std::string_view purpose;       ///< what happens without it
  std::string_view instead = {};  ///< another option that does as well; empty: none
};

/// What `subject` needs besides decompressors, character sets and floating point, which depend on
/// more than yes or no.
std::vector<Requirement> config_needs(const Subject& subject);

}  // namespace trxkit::kernel
