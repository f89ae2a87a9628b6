// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The block map that lies beside an image which is about to be written: it tells what of unknown
// structures has to be written, and whether the image is still the one that was made.
#pragma once

#include <string>

#include "lib/core/finding.h"
#include "lib/image/mapped_blocks.h"
#include "lib/system/env.h"

namespace trxkit::boot {

/// Looks for `path`.bmap, the map of `image`, which is the file `path`, and compares it with all of
/// the image that it names. `blocks`, what the image's own structures say, gets what the map names;
/// nothing that a file system owns is left out for it: a map may have been made from holes (finding
/// DEV014). Returns the map's path, or nothing where there is none. Errors: those of
/// image::parse_bmap() and image::check_bmap().
Result<std::string> use_block_map(const std::string& path, const InputFile& image,
                                  image::MappedBlocks& blocks, Findings& findings, const Env& env);

}  // namespace trxkit::boot
