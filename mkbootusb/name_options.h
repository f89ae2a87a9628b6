// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// --id PART=ID and --label PART=LABEL: what the parts of a stick are to be called.
#pragma once

#include <string>
#include <vector>

#include "lib/boot/stick.h"

namespace trxkit {

/// Puts the names that `ids` and `labels` give ("swap=USBSWAP1") into `layout`, and those of the
/// root into `entry`, which entries take them from. Errors: Code::usage for what has another form,
/// or names a part that sticks do not have. What a name may be, the library knows.
Status apply_names(const std::vector<std::string>& ids, const std::vector<std::string>& labels,
                   boot::StickLayout& layout, boot::EntryRequest& entry);

}  // namespace trxkit
