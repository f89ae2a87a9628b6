// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Public SSH keys that may log in as root: checked, and joined with those that a root has already.
// Private keys are refused: they have no business in an image.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/core/result.h"

namespace trxkit::rootfs {

/// The keys in `text`, the contents of an authorized_keys or .pub file called `file`: one line
/// each, with their options and comments, without empty lines and comments. Errors: Code::bad_input
/// with the line for what is no OpenSSH public key (sshd(8), "AUTHORIZED_KEYS FILE FORMAT"; RFC
/// 4253 6.6: the blob repeats the type and consists of length-prefixed strings), for a private key,
/// and where there is no key at all.
Result<std::vector<std::string>> read_public_keys(std::string_view text, const std::string& file);

/// `existing`, an authorized_keys file, and behind it those of `keys` that it does not have.
std::string with_keys(std::string existing, const std::vector<std::string>& keys);

}  // namespace trxkit::rootfs
