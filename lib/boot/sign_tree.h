// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The signature on boot.manifest, of a tree that is there already. What is signed was compared with
// the files first: nobody wants to vouch for a tree that is damaged.
#pragma once

#include <optional>
#include <string>

#include "lib/boot/trusted_manifest.h"
#include "lib/signature/keys.h"
#include "lib/system/env.h"

namespace trxkit::boot {

struct SignRequest {
  std::string directory;  ///< host path: a folder that holds boot/boot.manifest, or boot.manifest
  std::string key;        ///< host path of a secret key
  std::optional<std::uint64_t> build = {};  ///< takes the place of the manifest's number
};

struct SignResult {
  std::string manifest;   ///< host path
  std::string signature;  ///< host path
  TrustedManifest contents;
  signature::KeyId key;
};

/// Signs, and changes the build number before if that is wanted. Errors: Code::bad_input for a
/// manifest that no router takes, or a key that is none; Code::refused where a file is missing or
/// is not what the manifest says; Code::usage for a build number that is too high; Code::io.
Result<SignResult> sign_tree(const SignRequest& request, const Env& env);

/// The text of boot.manifest.sig for a manifest `text`.
std::string signature_text(const signature::SecretKey& key, std::string_view text);

}  // namespace trxkit::boot
