// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Trees from the outside: files of any kind we read, as sources of entries.
#pragma once

#include <string>

#include "lib/archive/entry.h"
#include "lib/system/env.h"
#include "lib/system/file.h"

namespace trxkit::archive {

struct SourceOptions {
  /// Take a tar that ends without its two zero blocks (a cut one looks the same).
  bool accept_unterminated = false;
  /// Where files are spooled that can be read only once ("-", pipes); empty: env's.
  std::string spool_directory = {};
  /// What the user can do as well where a file is no tree: joins the hint of that error.
  std::string other_hint = {};
};

/// What `path` is, by its contents: a directory, a tar, a cpio, an ipk, an image of squashfs, ext2,
/// ext3 or ext4; all but directories in any compression that libarchive knows, or none. Errors:
/// Code::io; Code::bad_input where it is none of these.
Result<SourcePointer> open_source(const std::string& path, const Env& env,
                                  const SourceOptions& options = {});

/// The same for a file that is open already.
Result<SourcePointer> open_source(InputFile file, const Env& env,
                                  const SourceOptions& options = {});

/// One file of the host as a tree of one entry, for overlays: merge() makes the parents that no
/// layer has, and leaves those of the layers below as they are. `target`: its path in the tree.
/// Owner 0:0, `mode`, mtime of the build's epoch. Errors: Code::io; Code::bad_input where `target`
/// is unsafe.
Result<SourcePointer> single_file(const std::string& path, const std::string& target,
                                  std::uint32_t mode, const Env& env);

}  // namespace trxkit::archive
