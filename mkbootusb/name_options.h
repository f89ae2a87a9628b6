// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// --id PART=ID, --label PART=LABEL and --partuuid PART=UUID: what the parts of a stick are to be
// called.
#pragma once

#include <string>
#include <vector>

#include "lib/boot/stick.h"

namespace trxkit {

/// Values "PART=NAME" of the options, in the order of the command line.
struct NameOptions {
  std::vector<std::string> ids = {};            ///< of --id
  std::vector<std::string> labels = {};         ///< of --label
  std::vector<std::string> partition_ids = {};  ///< of --partuuid
};

/// Puts the names that `given` has ("swap=USBSWAP1") into `layout`, and those of the root into
/// `entry`, which entries take them from. Errors: Code::usage for what has another form, or names a
/// part that sticks do not have. What a name may be, the library knows.
Status apply_names(const NameOptions& given, boot::StickLayout& layout, boot::EntryRequest& entry);

}  // namespace trxkit
