// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The build manifest that stands beside every output: what went in, what came out, with hashes.
// It names files without their folders, so that equal builds have equal manifests.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lib/core/json.h"

namespace trxkit {

/// One input or output of a build.
struct ManifestFile {
  std::string role;    ///< "kernel", "rootfs", "image"
  std::string name;    ///< file name without folders
  std::string sha256;  ///< 64 lower-case hexadecimal digits
  std::uint64_t size = 0;
  std::uint64_t offset = 0;      ///< bytes from the start of the output that it lies in
  bool mutable_content = false;  ///< a writable root: the hash may change without a fault
};

/// A file of the user's root that was changed, added or left out.
struct ManifestChange {
  std::string entry;  ///< boot entry whose root it is
  std::string path;   ///< in the root, relative
  std::string what;   ///< "refuses: it would write the flash"
};

struct BuildManifest {
  std::string tool;     ///< "trxtool"
  std::string version;  ///< the tool's
  std::string board;
  std::int64_t source_date_epoch = 0;  ///< seconds since 1970-01-01 UTC
  std::vector<ManifestFile> inputs;
  std::vector<ManifestFile> outputs;
  std::vector<ManifestFile> contents;                         ///< parts inside the outputs
  std::vector<std::pair<std::string, std::string>> programs;  ///< external program, its version
  std::vector<ManifestChange> changes = {};

  /// {"schema": 1, "tool": ..., "inputs": [...], ...}
  Json json() const;
};

}  // namespace trxkit
