// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What the first pass over the layers of a merge remembers: for every path, which entry of which
// layer wins, and the attributes of directories (an upper layer may change them, and they are
// written before the children that the lower layers hold). One record of 56 bytes and 8 to 16 bytes
// of hash table a path, beside the text of the path. No contents.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/archive/entry.h"
#include "lib/core/finding.h"

namespace trxkit::archive {

class MergeIndex {
 public:
  using Position = std::uint32_t;  ///< of a record
  static constexpr std::uint16_t kMostLayers = 0xffff;
  static constexpr std::uint32_t kNoEntry = 0xffffffff;

  struct Record {
    std::uint64_t text = 0;    ///< where the path starts in the text of all paths
    std::uint32_t length = 0;  ///< bytes of the path
    std::uint16_t layer = 0;   ///< that wins
    EntryType type = EntryType::file;
    std::uint32_t ordinal =
        kNoEntry;  ///< of the winning entry in its layer; a made parent has none
    std::uint32_t mode = 0755;
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;
    std::int64_t mtime = 0;
    std::uint32_t attributes = 0;  ///< directories: 1 + place in attributes_; 0: none
    Position target = 0;           ///< hard links: the file
    std::uint32_t target_ordinal = 0;
  };
  static_assert(sizeof(Record) <= 64);

  /// Notes entry number `ordinal` of layer number `layer`. Layers come lowest first. Errors:
  /// Code::bad_input for a hard link to nothing and for a directory that replaces something else
  /// or is replaced by it.
  Status add(std::uint16_t layer, std::uint32_t ordinal, const Entry& entry,
             const std::string& layer_name, Findings& findings);
  /// To be called after the last layer: makes missing parents (0755 0:0, `parent_time`) and checks
  /// that parents are directories and that hard links still mean the file they meant.
  Status complete(std::int64_t parent_time);

  std::optional<Position> find(std::string_view path) const;
  const Record& record(Position position) const { return records_[position]; }
  std::string_view path(Position position) const;
  std::size_t size() const { return records_.size(); }
  /// The directory at `position` as its winning layer has it.
  Entry directory(Position position) const;

 private:
  Position append(std::string_view path);
  void assign(Record& record, std::uint16_t layer, std::uint32_t ordinal, const Entry& entry);
  Status check_replacement(const Record& old, const Entry& entry,
                           const std::string& layer_name) const;
  Result<Position> link_target(std::uint16_t layer, const Entry& entry,
                               const std::string& layer_name) const;
  Status check_link(Position position) const;
  std::size_t slot_of(std::string_view path) const;
  void grow_table();

  std::string text_;
  std::vector<Record> records_;
  std::vector<std::uint32_t> table_;  ///< open addressing: 1 + position, 0 is free
  std::vector<std::vector<ExtendedAttribute>> attributes_;
  std::vector<std::string> layer_names_;
  std::uint64_t repeated_ = 0;
};

}  // namespace trxkit::archive
