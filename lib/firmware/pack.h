// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// One TRX image out of a kernel, a root file system and other parts: placed by the board's flash,
// judged as a whole, written only if the judgement has no error.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/core/finding.h"
#include "lib/core/manifest.h"
#include "lib/firmware/pack_limits.h"
#include "lib/firmware/recipe.h"

namespace trxkit::firmware {

struct PackRequest {
  const board::Board* board = nullptr;  ///< null: the recipe says which magic, no flash is known
  std::string kernel;                   ///< in any form; empty: none. Needs a board
  /// Code in front of the kernel: trxkit's loader.elf, which becomes part 1 together with the
  /// kernel, or another loader, which is part 1 alone with an LZMA kernel as part 2. Empty: none,
  /// the boot loader starts the kernel itself.
  std::string loader;
  /// A zero byte behind a loader of others, as OpenWrt's makefiles append it.
  bool zero_behind_loader = false;
  std::string rootfs;  ///< squashfs for the last part; empty: none
  Recipe recipe;       ///< header fields, and the steps between kernel and root file system
  PackLimits limits;
  std::string cfe;       ///< dump of this unit's boot loader or chip; empty: none
  bool dry_run = false;  ///< do everything but write `output`
  std::string output;    ///< "-" is standard output, and then there is no manifest
};

struct PackReport {
  Analysis analysis;   ///< of the image as written, or as it would have been
  Findings findings;   ///< of inputs and image
  ImageLayout layout;  ///< for the flash map
  /// Why nothing may be written: the findings hold errors of this kind.
  std::optional<Code> refusal;
  std::uint64_t kernel_size = 0;          ///< bytes of the kernel's raw binary; 0 without a kernel
  std::optional<BuildManifest> manifest;  ///< as written beside the image
};

/// Errors: Code::usage for a request that contradicts itself, Code::bad_input for a kernel that is
/// none or a root file system that is no squashfs, Code::io. Whatever the rules find is in the
/// report instead, all of it.
Result<PackReport> pack(const PackRequest& request, const Env& env);

}  // namespace trxkit::firmware
