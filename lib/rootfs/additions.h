// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What --add names: trees and single files that go over a root.
#pragma once

#include <string>

#include "lib/archive/source.h"
#include "lib/core/manifest.h"

namespace trxkit::rootfs {

struct Addition {
  archive::SourcePointer tree = {};
  ManifestFile file = {};  ///< for the manifest
};

/// Opens "SRC" or "SRC:/DEST". A folder, or an archive or image of any kind (packages too) without
/// DEST, goes over the root, a folder with DEST below it; any other file becomes the file DEST, or
/// the file of its own name in DEST where that ends with '/', with the permission to execute that
/// it has on the host, owner 0:0. Owners are those of an archive; a folder's files become 0:0,
/// since nobody of the host has an account on the router. Errors: Code::bad_input for what is no
/// tree and has no DEST, or an unsafe DEST; Code::usage without SRC; Code::io.
Result<Addition> open_addition(const std::string& addition, const archive::SourceOptions& options,
                               const Env& env);

/// SRC, the part of `addition` that is a path of the host.
std::string host_path_of(const std::string& addition);

}  // namespace trxkit::rootfs
