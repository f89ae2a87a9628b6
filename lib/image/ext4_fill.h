// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// A tree into an ext4 file system: what it needs, and the filling itself.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "lib/image/ext4_filesystem.h"

namespace trxkit::image {

/// The least that trees need: growing directories and extended attributes come on top.
struct Ext4Needs {
  std::uint64_t paths = 0;
  std::uint64_t blocks = 0;  ///< of kExt4BlockSize

  void add(const archive::Entry& entry);
};

/// Reads `tree` once without contents.
Result<Ext4Needs> survey_ext4(const archive::Source& tree);

/// Puts entries into `filesystem`, parents first, each path once. Memory: one index entry a
/// directory.
class Ext4Filler {
 public:
  /// `tree`: the name for messages. Both outlive the filler.
  Ext4Filler(Ext4Filesystem& filesystem, const std::string& tree);

  /// Errors: Code::does_not_fit, Code::bad_input (a missing parent, a name that exists, what ext4
  /// cannot hold), Code::io.
  Status add(const archive::Entry& entry, archive::Reader& contents);

 private:
  struct Location {
    InodeNumber parent = 0;
    std::string name;
  };
  Result<Location> locate(const std::string& path) const;
  Result<InodeNumber> make(InodeNumber parent, const archive::Entry& entry,
                           archive::Reader& contents);
  Status add_hard_link(const Location& place, const archive::Entry& entry);
  Status add_named(const archive::Entry& entry, archive::Reader& contents);

  Ext4Filesystem& filesystem_;
  const std::string& tree_;
  std::map<std::string, InodeNumber, std::less<>> directories_;
};

}  // namespace trxkit::image
