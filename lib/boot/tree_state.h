// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What earlier runs of this tool have put onto a medium, by its /boot/manifest.json: the only files
// there that a later run may replace or remove.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "lib/core/manifest.h"
#include "lib/system/env.h"

namespace trxkit::boot {

class TreeState {
 public:
  /// Of the medium whose root directory is `root`; without a manifest nothing is known of it.
  /// Errors: Code::bad_input for a manifest that is none, or that names files outside of boot/;
  /// Code::refused where it belongs to another board than `board`; Code::io.
  static Result<TreeState> read(const std::filesystem::path& root, const std::string& board,
                                const Env& env);

  /// What the manifest lists. After an interrupted update a path may be there twice.
  const std::vector<ManifestFile>& files() const { return files_; }
  /// Whether contents with this hash were written to `path`.
  bool wrote(const std::string& path, const std::string& sha256) const;
  /// Where contents with this hash belong that are wanted at `path` ("boot/a/root.img"): where they
  /// lie already, else there if the name is free, else under a name made from it and the hash. So
  /// nothing that a running system has open is written over.
  std::string place(const std::string& path, const std::string& sha256) const;
  /// Whether that is `path` whatever the hash is.
  bool is_new(const std::string& path) const;

 private:
  void drop_stale(const Env& env);
  bool exists(const std::filesystem::path& path) const;

  std::filesystem::path root_;  ///< empty: there is no medium yet
  std::vector<ManifestFile> files_;
};

}  // namespace trxkit::boot
