// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Block maps as bmaptool writes and reads them (bmap 2.0): which blocks of an image have to be
// written, each range with its SHA-256. What a map names is believed only as far as its hashes
// hold. Source of the format: bmap-tools, BmapCreate.py, BmapCopy.py and its description in "bmap
// version 2.0".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/image/mapped_blocks.h"
#include "lib/system/file.h"

namespace trxkit::image {

/// The text of IMAGE.bmap for `image`, of which `mapped` (of mapped_blocks()) has to be written.
/// Errors: Code::io.
Result<std::string> bmap_of(const InputFile& image, const ByteRanges& mapped);

struct BlockMap {
  struct Range {
    ByteRange bytes;     ///< the last one ends with the image
    std::string sha256;  ///< lower-case hexadecimal digits
  };
  std::uint64_t image_size = 0;  ///< bytes
  std::vector<Range> ranges = {};

  ByteRanges bytes() const;  ///< of all ranges
};

/// Reads `text`, called `name` in messages: a map of version 2 with SHA-256 whose own hash is
/// right. Errors: Code::bad_input with finding DEV013.
Result<BlockMap> parse_bmap(std::string_view text, const std::string& name);

/// Whether `image` is the one that `map`, called `name` in messages, was made for: its size, and
/// the hash of every range. Errors: Code::bad_input with finding DEV013 naming the range; Code::io.
Status check_bmap(const BlockMap& map, const std::string& name, const InputFile& image);

}  // namespace trxkit::image
