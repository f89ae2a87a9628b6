// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Ed25519 keys and signatures in the files of OpenBSD's signify, which OpenWrt's usign reads and
// writes too: a comment line and one line of base64. Read strictly; secret keys with a passphrase
// and other algorithms are refused, because no verifier of a router could use what comes of them.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "lib/core/result.h"

namespace trxkit::signature {

/// Chosen at random for each pair of keys; tells which key a signature wants, and protects nothing.
using KeyId = std::array<std::uint8_t, 8>;

struct PublicKey {
  KeyId id = {};
  std::array<std::uint8_t, 32> key = {};  ///< a point of the curve (RFC 8032, 5.1.5)
  bool operator==(const PublicKey&) const = default;
};

/// Overwritten when it goes.
struct SecretKey {
  SecretKey() = default;
  SecretKey(const SecretKey&) = default;
  SecretKey& operator=(const SecretKey&) = default;
  ~SecretKey();

  KeyId id = {};
  std::array<std::uint8_t, 64> key = {};  ///< 32 bytes of seed, then the public key
};

struct Signature {
  KeyId id = {};
  std::array<std::uint8_t, 64> bytes = {};  ///< RFC 8032, over the message itself
};

/// The contents of a .pub, .sec or .sig file; `file` names it in messages. Layouts: OpenBSD
/// usr.bin/signify/signify.c, OpenWrt usign main.c. Errors: Code::bad_input for anything else,
/// among it keys with a passphrase, keys and signatures of other algorithms, and a file of one
/// kind where another is wanted.
Result<PublicKey> parse_public_key(std::string_view text, const std::string& file);
Result<SecretKey> parse_secret_key(std::string_view text, const std::string& file);
Result<Signature> parse_signature(std::string_view text, const std::string& file);

/// The same files, written. `comment`: one line, which nothing protects and nothing reads.
std::string text_of(const PublicKey& key, std::string_view comment);
std::string text_of(const SecretKey& key, std::string_view comment);
std::string text_of(const Signature& signature, std::string_view comment);

/// As usign prints it, and names keys in /etc/opkg/keys: 16 hexadecimal digits.
std::string text_of(const KeyId& id);

}  // namespace trxkit::signature
