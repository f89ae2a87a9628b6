// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// boot.manifest, which the router trusts: for which board, the number of the build, and the SHA-256
// of every file that does not change. Lines that templates/trust.sh and boot.sh read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/core/result.h"

namespace trxkit::boot {

/// Longest boot.manifest that a router fetches, in bytes.
inline constexpr std::uint64_t kLongestTrustedManifest = 64 << 10;

struct TrustedFile {
  std::string name;    ///< as it stands there: a path relative to the folder of boot.sh, or a URL
  std::string sha256;  ///< 64 lower-case hexadecimal digits
};

/// A line that no router takes.
struct ManifestFault {
  std::uint32_t line = 0;  ///< from 1; 0: of the file as a whole
  std::string what;
};

struct TrustedManifest {
  std::string board;
  std::optional<std::uint64_t> build = {};
  std::vector<TrustedFile> files = {};
  std::vector<ManifestFault> faults = {};

  /// The hash that stands behind the path or URL `name`; empty: it is not named.
  std::string hash_of(std::string_view name) const;
  /// "board NAME", "build NUMBER", "sha256 HASH NAME" ...
  std::string text() const;
};

/// Reads what is there, and lists what a router would not take.
TrustedManifest parse_trusted_manifest(std::string_view text);

/// `build`, or what stands for it: seconds of SOURCE_DATE_EPOCH, which only grow. Errors:
/// Code::usage for more than rootfs::kHighestBuild.
Result<std::uint64_t> build_number(std::optional<std::uint64_t> build, std::int64_t epoch);

}  // namespace trxkit::boot
