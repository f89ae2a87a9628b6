// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Parts of an image as files of their own.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/core/finding.h"
#include "lib/system/file.h"

namespace trxkit::firmware {

struct ExtractRequest {
  std::optional<std::uint64_t> part;  ///< 1 to 4; nothing: all parts
  bool decompress = false;            ///< unpack gzip and LZMA
  std::string output;                 ///< with `part` a file ("-": standard output), else a folder
};

struct ExtractedFile {
  unsigned part = 0;
  std::string path;
  std::uint64_t size = 0;  ///< bytes
};

struct Extraction {
  std::vector<ExtractedFile> files;
  Findings findings;  ///< a wrong CRC, a payload that does not unpack
};

/// Writes the parts exactly as they are stored, or unpacked; padding behind a gzip member or LZMA
/// stream is left out. All files of a folder are named part1.gz, part2.squashfs, ... after their
/// contents; where trxkit's loader is unpacked, part1.bin is the kernel and part1.loader the stub.
/// A wrong CRC is a finding: what is there is extracted all the same. Errors: Code::bad_input where
/// the file is no TRX image, has no such part, or a payload does not unpack; Code::io.
Result<Extraction> extract(const InputFile& file, const ExtractRequest& request, const Env& env);

}  // namespace trxkit::firmware
