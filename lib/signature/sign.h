// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Makes keys, signs and verifies: plain Ed25519 (RFC 8032) by libsodium.
#pragma once

#include <span>

#include "lib/core/bytes.h"
#include "lib/signature/keys.h"

namespace trxkit::signature {

struct KeyPair {
  SecretKey secret;
  PublicKey public_key;
};

/// New keys, from the operating system's random numbers.
KeyPair make_keys();

/// The keys that belong to `seed` (RFC 8032, 5.1.5), under the id `id`.
KeyPair keys_from_seed(std::span<const std::uint8_t, 32> seed, const KeyId& id);

/// The public half of `secret`.
PublicKey public_half(const SecretKey& secret);

/// The signature of `message`, the same every time.
Signature sign(const SecretKey& secret, Bytes message);

/// Whether `signature` is that of `message` by the owner of `key`. Ids are not compared, as usign
/// and signify do it where the key is given.
bool verify(const PublicKey& key, Bytes message, const Signature& signature);

}  // namespace trxkit::signature
