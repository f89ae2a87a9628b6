// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What the two manifests of a /boot tree say about its files: manifest.json, for the host, and
// boot.manifest, which the router trusts. They are read; the files are compared elsewhere.
#pragma once

#include <map>

#include "lib/boot/medium.h"
#include "lib/core/finding.h"

namespace trxkit::boot {

/// A file as a manifest has it.
struct ListedFile {
  std::string sha256;
  bool may_change = false;  ///< a writable root
};

struct TreeManifests {
  std::string board;          ///< of manifest.json, else of boot.manifest; empty: neither says it
  std::string trusted_board;  ///< of boot.manifest
  bool complete = false;      ///< `files` holds all that was written: manifest.json was read
  std::map<std::string, ListedFile> files = {};  ///< by path relative to the folder of boot.sh
};

/// Reads both. Findings STK034 to STK036 and NET001 where they cannot be read, are missing or
/// contradict each other. Errors: Code::io, Code::external_tool.
Result<TreeManifests> read_manifests(Medium& medium, const Env& env, Findings& findings);

/// The text of `path`, or nothing where there is no such file or it is longer than boot.sh takes.
Result<std::optional<std::string>> small_file(Medium& medium, const std::string& path,
                                              const Env& env);

/// The path of a boot tree's file, relative to the folder of boot.sh: a leading "/boot/" or "boot/"
/// is that folder.
std::string path_in_boot(std::string_view path);

}  // namespace trxkit::boot
