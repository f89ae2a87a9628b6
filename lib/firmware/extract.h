// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Parts of an image as files of their own: one part into a file, or all of them into a folder, with
// the recipe that makes the image of them again. Writes nowhere else.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/core/finding.h"
#include "lib/system/file.h"

namespace trxkit::firmware {

struct ExtractRequest {
  std::optional<std::uint64_t> part;  ///< 1 to 4; nothing: all parts
  /// Where the image or its container starts in a file that holds more (bytes); nothing: it fills
  /// the file.
  std::optional<std::uint64_t> offset = {};
  bool decompress = false;  ///< unpack gzip and LZMA
  std::string output;       ///< with `part` a file ("-": standard output), else a folder
};

struct ExtractedFile {
  unsigned part = 0;  ///< 1 to 4: it belongs to that part; 0: to the image as a whole
  std::string path;
  std::uint64_t size = 0;  ///< bytes
};

struct Extraction {
  std::vector<ExtractedFile> files;
  Findings findings;  ///< a wrong CRC; TRX052 where there is no recipe
};

/// What the recipe in the folder is called.
inline constexpr std::string_view kRecipeName = "recipe";

/// Writes the parts exactly as they are stored, or unpacked; padding behind a gzip member or LZMA
/// stream is left out. All files of a folder are named part1.gz, part2.squashfs, ... after their
/// contents; where trxkit's loader is unpacked, part1.bin is the kernel and part1.loader the stub.
///
/// A folder appears complete or not at all, and none that has something in it is touched
/// (Code::refused). Unless unpacked, it also holds what the parts leave out (part1.padding,
/// before.bin, behind.bin) and `recipe`, from which pack() makes the same file bit for bit, a
/// container around the image included. For an image that is not sound, or not alone in the file,
/// there is no recipe (TRX052); a wrong CRC is a finding as well: what is there is extracted all
/// the same. Errors: Code::bad_input where the file is no TRX image, has no such part, or a payload
/// does not unpack; Code::io.
Result<Extraction> extract(const InputFile& file, const ExtractRequest& request);

}  // namespace trxkit::firmware
