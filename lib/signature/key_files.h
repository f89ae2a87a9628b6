// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Keys on disk: a secret key is readable by its owner alone, and no key file is ever written over.
#pragma once

#include <string>

#include "lib/signature/sign.h"
#include "lib/system/env.h"

namespace trxkit::signature {

/// A key from the file `path` ("-": standard input). Errors: those of parse_..._key(); Code::io.
Result<PublicKey> read_public_key(const std::string& path, const Env& env);
Result<SecretKey> read_secret_key(const std::string& path, const Env& env);

/// Writes `keys` as `secret_path` (mode 0600) and `public_path` (mode 0644). `comment` comes before
/// "secret key" and "public key". Errors: Code::refused where one of them is there already;
/// Code::io; then neither is left behind.
Status write_key_files(const KeyPair& keys, const std::string& secret_path,
                       const std::string& public_path, const std::string& comment);

}  // namespace trxkit::signature
