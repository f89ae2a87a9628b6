// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/signature/sign.h"

#include <algorithm>
#include <cstdlib>

#include <sodium.h>

namespace trxkit::signature {
namespace {

const std::uint8_t* raw(Bytes bytes) {
  return reinterpret_cast<const std::uint8_t*>(bytes.data());
}

}  // namespace

KeyPair make_keys() {
  // Chooses the generator; what fails with it ends the process, as libsodium has it.
  if (sodium_init() < 0) std::abort();
  std::array<std::uint8_t, 32> seed{};
  KeyId id{};
  randombytes_buf(seed.data(), seed.size());
  randombytes_buf(id.data(), id.size());
  KeyPair pair = keys_from_seed(seed, id);
  sodium_memzero(seed.data(), seed.size());
  return pair;
}

KeyPair keys_from_seed(std::span<const std::uint8_t, 32> seed, const KeyId& id) {
  KeyPair pair;
  pair.secret.id = id;
  pair.public_key.id = id;
  crypto_sign_ed25519_seed_keypair(pair.public_key.key.data(), pair.secret.key.data(), seed.data());
  return pair;
}

PublicKey public_half(const SecretKey& secret) {
  PublicKey half{.id = secret.id, .key = {}};
  std::copy_n(secret.key.begin() + 32, half.key.size(), half.key.begin());
  return half;
}

Signature sign(const SecretKey& secret, Bytes message) {
  Signature made{.id = secret.id, .bytes = {}};
  crypto_sign_ed25519_detached(made.bytes.data(), nullptr, raw(message), message.size(),
                               secret.key.data());
  return made;
}

bool verify(const PublicKey& key, Bytes message, const Signature& signature) {
  return crypto_sign_ed25519_verify_detached(signature.bytes.data(), raw(message), message.size(),
                                             key.key.data()) == 0;
}

}  // namespace trxkit::signature
