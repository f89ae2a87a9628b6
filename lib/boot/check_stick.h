// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// A finished stick (device or image file), a /boot folder or a server's tree, judged as a whole:
// partition table, file systems, manifests, boot entries and their kernels. Nothing is written.
#pragma once

#include <string>
#include <vector>

#include "lib/boot/check_tree.h"
#include "lib/boot/check_trust.h"
#include "lib/boot/stick.h"

namespace trxkit::boot {

struct StickCheckRequest {
  std::string path;   ///< host path: device, image or folder
  std::string board;  ///< as load_board() takes it; empty: the board that the stick names
  TrustDemand trust = {};
};

struct StickCheckResult {
  std::string kind;             ///< "image" (a device, too) or "folder"
  std::string partition_table;  ///< "mbr", "gpt", "none"; empty for a folder
  image::VolumeFacts volume;    ///< of the boot partition
  std::string board;            ///< its name; empty: not known
  std::map<std::string, EntryValues> entries;
  Findings findings;
};

/// Findings STK030 to STK046, those of check_trust(), and those of check_kernel_file() on the
/// kernel of every entry. Errors: Code::io; Code::usage for an unknown board; Code::external_tool
/// where a program is missing without which nothing can be read.
Result<StickCheckResult> check_stick(const StickCheckRequest& request, const Env& env,
                                     const Progress& progress);

}  // namespace trxkit::boot
