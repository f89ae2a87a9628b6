// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Squashfs images from entry streams, through tar2sqfs (squashfs-tools-ng) or mksquashfs
// (squashfs-tools).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "lib/archive/entry.h"
#include "lib/system/env.h"
#include "lib/system/file.h"

namespace trxkit::image {

enum class SquashfsBackend : std::uint8_t { tar2sqfs, mksquashfs };

struct SquashfsOptions {
  SquashfsBackend backend = SquashfsBackend::tar2sqfs;
  std::uint32_t block_size = 256 * 1024;  ///< bytes, a power of two from 4 KiB to 1 MiB
  unsigned jobs = 0;                      ///< 0: as many as the machine has processors
};

struct SquashfsResult {
  std::string program;     ///< "tar2sqfs 1.2.0"
  std::uint64_t size = 0;  ///< bytes of the image
};

/// Writes `tree` (a merged stream: explicit root and parents) as an xz-compressed squashfs (with
/// lc=0 lp=2 pb=2 where the backend can: MIPS code gets smaller) into `output`, or through a
/// temporary file where that is a pipe. The time of the root directory becomes the epoch, and later
/// times are pulled down to it: so both backends give the same listing.
/// Errors: Code::usage for a block size that squashfs does not have; Code::bad_input for a tree
/// that does not begin with its root, or whose root mksquashfs cannot give to its owner (it can
/// only give 0:0); Code::external_tool, Code::io, and those of the tree.
Result<SquashfsResult> write_squashfs(const archive::Source& tree, OutputFile& output,
                                      const SquashfsOptions& options, const Env& env);

}  // namespace trxkit::image
