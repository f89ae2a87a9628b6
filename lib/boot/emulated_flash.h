// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The flash chip of the emulated router: an image of a user's, or one that is made of the kernel
// and the programs that tools/ keep in their cache.
#pragma once

#include <filesystem>
#include <string>

#include "lib/board/board.h"
#include "lib/boot/stick.h"

namespace trxkit::boot {

struct EmulatedFlash {
  std::string chip;             ///< host path of the whole chip's contents
  std::string kernel;           ///< host path: the kernel out of it, as an ELF file
  std::string partitions = {};  ///< what its kernel is told: "blkdevparts=vda:131072(boot),..."
};

/// Makes the flash root, packs it with the kernel of tools/build-kernel into a TRX in `folder` and
/// returns its path. From an empty cache a kernel is compiled first. Errors: Code::external_tool
/// where the tools fail or the loader is missing, those of mkflashroot and trxtool pack.
Result<std::string> make_emulated_trx(const board::Board& board,
                                      const std::filesystem::path& folder, const Env& env,
                                      const Progress& progress);

/// What the machine needs of `file`, a TRX or a whole chip with one, in `folder`. Errors:
/// Code::bad_input for anything else, or where the image holds no kernel of trxkit's loader;
/// Code::io.
Result<EmulatedFlash> prepare_emulated_flash(const std::string& file, const board::Board& board,
                                             const std::filesystem::path& folder, const Env& env);

}  // namespace trxkit::boot
