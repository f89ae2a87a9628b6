// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What a stick will be, decided before a byte of it is written: its entries planned, its ids.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/boot/entry_plan.h"
#include "lib/boot/ids.h"
#include "lib/signature/keys.h"

namespace trxkit::boot {

struct StickPlan {
  std::vector<EntryPlan> entries;  ///< in the order of the request
  StickIds ids;
  std::string boot_id;  ///< of the boot partition, as blkid prints it
  std::string medium;   ///< the boot partition as the entries name it; empty: there is none
  std::vector<ManifestFile> inputs;                   ///< of all entries, each once
  std::uint64_t build = 0;                            ///< number of the build
  std::optional<signature::SecretKey> sign_key = {};  ///< signs boot.manifest
};

/// Reads all inputs once. Findings that do not forbid the stick go to `findings`; others become the
/// error. Errors: those of write_stick_image().
Result<StickPlan> plan_stick(const StickRequest& request, const Env& env, const Progress& progress,
                             Findings& findings);

}  // namespace trxkit::boot
