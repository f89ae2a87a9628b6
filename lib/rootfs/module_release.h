// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// For which kernel a module was built, found in a stream of its bytes. The text "vermagic=" stands
// in its section .modinfo (linux include/linux/vermagic.h); a module has it once.
#pragma once

#include <string>

#include "lib/archive/entry.h"

namespace trxkit::rootfs {

struct ModuleIdentity {
  std::string head;     ///< its first bytes, 64 at most
  std::string release;  ///< "6.1.192"; empty where it does not say
};

/// Reads the file that `reader` has delivered last, to its end. Errors: those of `reader`.
Result<ModuleIdentity> identify_module(archive::Reader& reader);

}  // namespace trxkit::rootfs
