// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/signature/keys.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <span>

#include <sodium.h>

#include "lib/core/bytes.h"
#include "lib/core/digest.h"

namespace trxkit::signature {
namespace {

constexpr std::string_view kComment = "untrusted comment: ";
// signify.c, COMMENTMAXLEN.
constexpr std::size_t kLongestLine = 1024;
constexpr std::array<std::uint8_t, 2> kAlgorithm{'E', 'd'};
constexpr std::array<std::uint8_t, 2> kDerivation{'B', 'K'};
constexpr int kBase64 = sodium_base64_VARIANT_ORIGINAL;

struct PublicWire {
  std::array<std::uint8_t, 2> algorithm;
  KeyId id;
  std::array<std::uint8_t, 32> key;
};
static_assert(sizeof(PublicWire) == 42 && alignof(PublicWire) == 1);

struct SecretWire {
  std::array<std::uint8_t, 2> algorithm;
  std::array<std::uint8_t, 2> derivation;
  be32 rounds;
  std::array<std::uint8_t, 16> salt;
  std::array<std::uint8_t, 8> checksum;
  KeyId id;
  std::array<std::uint8_t, 64> key;
};
static_assert(sizeof(SecretWire) == 104 && alignof(SecretWire) == 1);

struct SignatureWire {
  std::array<std::uint8_t, 2> algorithm;
  KeyId id;
  std::array<std::uint8_t, 64> bytes;
};
static_assert(sizeof(SignatureWire) == 74 && alignof(SignatureWire) == 1);

constexpr std::string_view kCure =
    "mkbootusb keygen, signify -G -n and usign -G make keys that can be used here";

std::unexpected<Error> refuse(const std::string& file, std::string what,
                              std::string_view hint = kCure) {
  return advise(fail_at({file, {}}, Code::bad_input, "{}", what), std::string(hint));
}

// What a file of the given length would be.
std::string_view kind_of(std::size_t size) {
  if (size == sizeof(PublicWire)) return "a public key";
  if (size == sizeof(SecretWire)) return "a secret key";
  if (size == sizeof(SignatureWire)) return "a signature";
  return "none of signify's files";
}

// The second of two lines, without its end; nothing where there are not just two.
std::optional<std::string_view> payload_of(std::string_view text) {
  std::size_t first = text.find('\n');
  if (!text.starts_with(kComment) || first == std::string_view::npos || first > kLongestLine) {
    return std::nullopt;
  }
  text.remove_prefix(first + 1);
  if (!text.ends_with('\n')) return std::nullopt;
  text.remove_suffix(1);
  if (text.contains('\n') || text.size() > kLongestLine) return std::nullopt;
  return text;
}

template <WireStruct Wire>
Result<Wire> parse(std::string_view text, const std::string& file) {
  std::string_view wanted = kind_of(sizeof(Wire));
  std::optional<std::string_view> payload = payload_of(text);
  if (!payload) {
    return refuse(file, fmt::format("is not {} of signify or usign: those are a line \"{}...\" and "
                                    "one of base64",
                                    wanted, kComment));
  }
  std::array<std::uint8_t, kLongestLine> bytes{};
  std::size_t size = 0;
  bool decoded = sodium_base642bin(bytes.data(), bytes.size(), payload->data(), payload->size(),
                                   nullptr, &size, nullptr, kBase64) == 0;
  if (!decoded) return refuse(file, fmt::format("is not {}: its second line is no base64", wanted));
  Wire wire;
  std::span<std::uint8_t> found(bytes.data(), size);
  bool other = size >= 2 && !std::ranges::equal(found.first(2), kAlgorithm);
  if (size == sizeof(Wire) && !other) {
    std::memcpy(&wire, bytes.data(), sizeof(Wire));
    sodium_memzero(bytes.data(), bytes.size());
    return wire;
  }
  sodium_memzero(bytes.data(), bytes.size());
  if (other && size == sizeof(Wire)) {
    return refuse(file, fmt::format("is {} of another algorithm than plain Ed25519", wanted));
  }
  return refuse(file, fmt::format("is {}, not {}", kind_of(size), wanted));
}

std::array<std::uint8_t, 8> checksum_of(const std::array<std::uint8_t, 64>& key) {
  std::array<std::uint8_t, crypto_hash_sha512_BYTES> hash{};
  crypto_hash_sha512(hash.data(), key.data(), key.size());
  std::array<std::uint8_t, 8> first{};
  std::copy_n(hash.begin(), first.size(), first.begin());
  return first;
}

template <WireStruct Wire>
std::string print(const Wire& wire, std::string_view comment) {
  std::string line(sodium_base64_encoded_len(sizeof(Wire), kBase64), '\0');
  sodium_bin2base64(line.data(), line.size(), reinterpret_cast<const std::uint8_t*>(&wire),
                    sizeof(Wire), kBase64);
  line.pop_back();  // its final zero
  return fmt::format("{}{}\n{}\n", kComment, comment, line);
}

}  // namespace

SecretKey::~SecretKey() {
  sodium_memzero(key.data(), key.size());
}

Result<PublicKey> parse_public_key(std::string_view text, const std::string& file) {
  PublicWire wire = TRY(parse<PublicWire>(text, file));
  return PublicKey{wire.id, wire.key};
}

Result<SecretKey> parse_secret_key(std::string_view text, const std::string& file) {
  SecretWire wire = TRY(parse<SecretWire>(text, file));
  if (wire.derivation != kDerivation) {
    return refuse(file, "is a secret key of other software, packed in another way");
  }
  if (wire.rounds != 0) {
    return refuse(file, "is a secret key with a passphrase, which nobody could type here");
  }
  SecretKey secret;
  secret.id = wire.id;
  secret.key = wire.key;
  sodium_memzero(wire.key.data(), wire.key.size());
  std::array<std::uint8_t, 32> public_key{};
  std::array<std::uint8_t, 64> again{};
  crypto_sign_ed25519_seed_keypair(public_key.data(), again.data(), secret.key.data());
  bool sound = wire.checksum == checksum_of(secret.key) && again == secret.key;
  sodium_memzero(again.data(), again.size());
  if (!sound) return refuse(file, "is a damaged secret key: its checksum or its halves differ");
  return secret;
}

Result<Signature> parse_signature(std::string_view text, const std::string& file) {
  SignatureWire wire = TRY(parse<SignatureWire>(text, file));
  return Signature{wire.id, wire.bytes};
}

std::string text_of(const PublicKey& key, std::string_view comment) {
  return print(PublicWire{kAlgorithm, key.id, key.key}, comment);
}

std::string text_of(const SecretKey& key, std::string_view comment) {
  SecretWire wire{kAlgorithm, kDerivation, 0u, {}, checksum_of(key.key), key.id, key.key};
  std::string text = print(wire, comment);
  sodium_memzero(wire.key.data(), wire.key.size());
  return text;
}

std::string text_of(const Signature& signature, std::string_view comment) {
  return print(SignatureWire{kAlgorithm, signature.id, signature.bytes}, comment);
}

std::string text_of(const KeyId& id) {
  return hex(id);
}

}  // namespace trxkit::signature
