// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The files of a tree that a server may give away.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "lib/boot/trusted_manifest.h"
#include "lib/system/file.h"

namespace trxkit::boot {

/// The folder of boot.manifest: `directory`/boot or `directory`. Errors: Code::bad_input where
/// neither has one.
Result<std::filesystem::path> manifest_folder(const std::string& directory);

/// boot.manifest in `folder`. Errors: Code::bad_input (NET001) for one that no router takes;
/// Code::io.
Result<TrustedManifest> read_trusted_manifest(const std::filesystem::path& folder, const Env& env);

/// An open regular file.
struct ServedFile {
  FileDescriptor descriptor;
  std::uint64_t size = 0;  ///< bytes
  std::string tag;         ///< another one as soon as its contents may be others (RFC 9110, 8.8.3)
};

/// `name` below `folder`, where it is boot.manifest, its signature or named by `manifest`. Nothing
/// where it is not, or does not lie there as a regular file: no link on the way is followed.
std::optional<ServedFile> open_served_file(const std::filesystem::path& folder,
                                           const TrustedManifest& manifest, std::string_view name);

}  // namespace trxkit::boot
