// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// A root that lies on a server: whatever in it would take down the interface to that server, at its
// start or at its end, is replaced. What the user had there stays beside it.
#pragma once

#include "lib/archive/edit.h"
#include "lib/archive/memory.h"
#include "lib/rootfs/usb_root_survey.h"

namespace trxkit::rootfs {

/// Adds to `tree` what keeps the network up in the root of `survey`, moves away in `edits` what
/// would not, and lists both in `root`.changes. Errors: Code::io for templates.
Status keep_network(const RootSurvey& survey, archive::MemoryTree& tree, archive::Edits& edits,
                    UsbRoot& root, const Env& env);

}  // namespace trxkit::rootfs
