// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Layers of trees become one stream in a defined order: one entry a path, the uppermost layer wins,
// parents explicit and before their children.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "lib/archive/entry.h"
#include "lib/core/finding.h"

namespace trxkit::archive {

/// Changes an entry on its way, or drops it (false). Called for every entry that survives the
/// merge, before parents are made.
using EntryFilter = std::function<bool(Entry&)>;

struct MergeOptions {
  /// mtimes after this become this (reproducible builds: SOURCE_DATE_EPOCH); seconds since 1970.
  std::int64_t latest_time = 0;
  EntryFilter filter = {};
};

/// What one pass over the layers found out, without their contents: memory is one index entry a
/// path.
struct MergeSummary {
  std::uint64_t paths = 0;
  std::uint64_t content_bytes = 0;  ///< sum of file sizes, hard links once
};

/// All layers, lowest first, as one Source whose readers deliver the merged stream: first the root
/// directory (0755 0:0 unless a layer has one), then base entries in their order, then what only
/// upper layers have. A file replaces a directory only with an error; a directory replaces a
/// directory's attributes and keeps its children. A hard link whose target was replaced by an upper
/// layer becomes an error naming both. Layers are read twice: paths now, contents when the result
/// is read. `findings` gets FSR001 for repeated paths in one layer (the last wins).
Result<SourcePointer> merge(std::vector<SourcePointer> layers, MergeOptions options,
                            Findings& findings);

/// Reads `source` once without contents.
Result<MergeSummary> summarise(const Source& source);

/// The entry at `path` of `source` (normalised), symlinks in the last component not followed, or
/// nothing.
Result<std::optional<Entry>> find_entry(const Source& source, const std::string& path);

/// The contents of the file at `path`, following symlinks inside the tree ("absolute" ones from its
/// root; never out of it). Errors: Code::bad_input where there is none, it is no file, a link
/// leaves the tree or loops, or it is longer than `limit` bytes.
struct FoundFile {
  Entry entry;  ///< of the file that the links led to
  std::string contents;
};
Result<FoundFile> read_file(const Source& source, const std::string& path, std::uint64_t limit);

/// The contents of the file `entry` that `reader` delivered last. Errors: Code::bad_input where it
/// is longer than `limit` bytes, or ends early.
Result<std::string> read_contents(Reader& reader, const Entry& entry, std::uint64_t limit);

/// Copies all entries of `source` into `writer` and finishes it.
Status copy_entries(const Source& source, Writer& writer);

}  // namespace trxkit::archive
