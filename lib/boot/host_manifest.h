// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// /boot/manifest.json, the manifest of a /boot tree that the host reads: all that was written, and
// for which board. The router never looks at it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/core/manifest.h"
#include "lib/core/result.h"

namespace trxkit::boot {

struct HostManifest {
  std::string board;  ///< empty: it names none
  /// Everything that was written, by its path from the medium's root: "boot/default/root.img".
  std::vector<ManifestFile> files = {};
};

/// Reads `text`, called `name` in messages. Errors: Code::bad_input where it is no such manifest,
/// or lists files outside of boot/ or without a hash.
Result<HostManifest> parse_host_manifest(std::string_view text, const std::string& name);

}  // namespace trxkit::boot
