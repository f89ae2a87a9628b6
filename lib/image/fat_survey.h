// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// A tree judged before it goes onto a FAT volume: everything that FAT cannot hold is refused here,
// and the room that it takes is known before the first file is copied.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "lib/archive/entry.h"

namespace trxkit::image {

class FatSurvey {
 public:
  /// Reads `tree` once without contents. Errors: Code::bad_input naming the first path that FAT
  /// cannot hold.
  static Result<FatSurvey> of(const archive::Source& tree);

  /// Bytes of the root directory.
  std::uint64_t root_size() const { return directory_sizes_.at(""); }
  /// Directories without the root, parents first.
  const std::vector<std::string>& directories() const { return directories_; }
  /// Clusters of `cluster_size` bytes that all files and directories take, the root directory and
  /// the volume label in it included.
  std::uint64_t clusters(std::uint64_t cluster_size) const;

 private:
  Status add(const archive::Entry& entry);
  Status add_name(const archive::Entry& entry);

  std::vector<std::string> directories_;
  std::map<std::string, std::uint64_t, std::less<>> directory_sizes_;  ///< folded path, bytes
  std::set<std::string> paths_;                                        ///< folded
  std::vector<std::uint32_t> file_sizes_;
};

}  // namespace trxkit::image
