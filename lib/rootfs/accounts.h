// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Passwords of a root's users, as hashes: /etc/passwd and /etc/shadow as text in, as text out. What
// is no hash is refused: a password in plain text would stand in the image for all to read.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lib/core/result.h"

namespace trxkit::rootfs {

struct PasswordHash {
  std::string user;
  std::string
      hash;  ///< as crypt(5) of libxcrypt has it, or "*" or "!": nobody can log in by password
};

/// Reads "USER=HASH". Errors: Code::usage for a user that cannot be, and for a hash that is none of
/// MD5 ($1$), SHA-256 ($5$), SHA-512 ($6$), bcrypt ($2a$, $2b$, $2y$), scrypt ($7$), yescrypt ($y$,
/// $gy$). The old DES form (13 letters and digits) is refused, since it cannot be told from a
/// password.
Result<PasswordHash> parse_password_hash(std::string_view text);

/// Whether only libxcrypt knows this kind of hash, not the C libraries of small systems (musl
/// src/crypt/crypt_r.c, uClibc libcrypt/crypt.c): scrypt and yescrypt.
bool needs_libxcrypt(const PasswordHash& password);

/// The two files as far as a root has them.
struct AccountFiles {
  std::string passwd;
  std::optional<std::string> shadow;
};

/// Puts the hash where login looks for it (shadow(5)): into shadow where the user's field in passwd
/// is "x" and there is a shadow, else into passwd. A line that shadow lacks is added, last changed
/// `day` days after 1970-01-01. Errors: Code::bad_input where there is no such user.
Status set_password(AccountFiles& files, const PasswordHash& password, std::int64_t day);

/// The home directory of root in `passwd`, normalised; "root" where it says nothing.
std::string home_of_root(std::string_view passwd);

}  // namespace trxkit::rootfs
