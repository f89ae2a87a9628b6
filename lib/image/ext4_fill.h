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

/// What hard links name, by its path.
struct LinkTarget {
  InodeNumber inode = 0;  ///< 0: not made yet
  archive::EntryType type = archive::EntryType::file;
};
using LinkTargets = std::map<std::string, LinkTarget, std::less<>>;

struct Ext4Survey {
  Ext4Needs needs = {};
  LinkTargets link_targets = {};
};

/// Reads `tree` once without contents.
Result<Ext4Survey> survey_ext4(const archive::Source& tree);

/// Puts entries into `filesystem`, parents first, each path once. Memory: one index entry a
/// directory and a file with hard links.
class Ext4Filler {
 public:
  /// `tree`: the name for messages. Both outlive the filler. `link_targets`: of the survey.
  Ext4Filler(Ext4Filesystem& filesystem, const std::string& tree, LinkTargets link_targets);

  /// Errors: Code::does_not_fit, Code::bad_input (a missing parent, a directory that exists, what
  /// ext4 cannot hold), Code::io.
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
  LinkTargets link_targets_;
  std::map<std::string, InodeNumber, std::less<>> directories_;
};

}  // namespace trxkit::image
