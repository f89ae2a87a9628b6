// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Many small files that lie one behind the other in an image, written in large pieces: a call to
// the kernel for each costs more than the copy, and a page that is written in two parts is filled
// with zeros in between.
#pragma once

#include <cstdint>
#include <vector>

#include "lib/system/file.h"

namespace trxkit::image {

class GatheredOutput {
 public:
  /// `output` outlives this.
  explicit GatheredOutput(OutputFile& output) : output_(&output) {}

  /// OutputFile::write_at(), but some bytes may wait for others to follow them.
  Status write_at(std::uint64_t offset, Bytes bytes);
  /// Writes what is waiting: the last call.
  Status flush();

 private:
  OutputFile* output_;
  std::vector<std::byte> waiting_;
  std::uint64_t start_ = 0;  ///< where they belong
};

}  // namespace trxkit::image
