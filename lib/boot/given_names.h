// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Labels and ids that the user gives to the parts of a stick, in place of those that follow from
// its contents. Everything that a part cannot be called is refused before the first byte is
// written.
#pragma once

#include "lib/boot/ids.h"
#include "lib/boot/stick.h"

namespace trxkit::boot {

/// Judges all labels and ids of `request` and puts those into `ids` that are given for the stick as
/// a whole. Errors: Code::usage for a label or id that its file system cannot have, for one that
/// two parts would share, and for names of a part that the stick does not have.
Status take_given_names(const StickRequest& request, StickIds& ids);

/// Whether the entries name the boot partition by its label.
bool named_by_label(const StickLayout& layout);

/// Whether the entries lie on a medium at all: a tree that is served does not.
bool has_medium(const StickLayout& layout);

}  // namespace trxkit::boot
