// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Block maps as bmaptool reads them (bmap 2.0): which blocks of an image have to be written, each
// range with its SHA-256.
#pragma once

#include <string>
#include <vector>

#include "lib/image/mapped_blocks.h"
#include "lib/system/file.h"

namespace trxkit::image {

/// The text of IMAGE.bmap for `image`, of which `mapped` (of mapped_blocks()) has to be written.
/// Source of the format: bmap-tools, BmapCreate.py and its description in "bmap version 2.0".
/// Errors: Code::io.
Result<std::string> bmap_of(const InputFile& image, const std::vector<ByteRange>& mapped);

}  // namespace trxkit::image
