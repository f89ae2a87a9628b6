// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Keys and signatures against the vectors of RFC 8032 (7.1), and against OpenBSD's signify of this
// host, both ways.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include "lib/signature/key_files.h"

#include "tests/unit/scratch.h"

namespace trxkit::signature {
namespace {

using ::testing::HasSubstr;

std::vector<std::uint8_t> from_hex(std::string_view text) {
  std::vector<std::uint8_t> bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    bytes.push_back(
        static_cast<std::uint8_t>(std::stoul(std::string(text.substr(i, 2)), nullptr, 16)));
  }
  return bytes;
}

std::string to_hex(const auto& bytes) {
  std::string text;
  for (std::uint8_t byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

struct Vector {
  const char* seed;
  const char* public_key;
  const char* message;
  const char* signature;
};

// RFC 8032, section 7.1: tests 1, 2, 3, and SHA(abc).
constexpr Vector kVectors[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b"
     "46bd25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11"
     "d8c387b2eaeb4302aeeb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc"
     "6594a7c15e9716ed28dc027beceea1ec40a"},
    {"833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
     "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3fee"
     "bbd454d4423643ce80e2a9ac94fa54ca49f",
     "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e"
     "0303dca179c138ac17ad9bef1177331a704"},
};

KeyPair keys_of(const Vector& vector) {
  std::vector<std::uint8_t> seed = from_hex(vector.seed);
  return keys_from_seed(std::span<const std::uint8_t, 32>(seed.data(), 32), KeyId{1, 2, 3});
}

TEST(Ed25519, VectorsOfTheRfc) {
  for (const Vector& vector : kVectors) {
    KeyPair keys = keys_of(vector);
    EXPECT_EQ(to_hex(keys.public_key.key), vector.public_key);
    EXPECT_EQ(public_half(keys.secret), keys.public_key);
    std::vector<std::uint8_t> message = from_hex(vector.message);
    Bytes bytes = std::as_bytes(std::span(message));
    Signature made = sign(keys.secret, bytes);
    EXPECT_EQ(to_hex(made.bytes), vector.signature);
    EXPECT_TRUE(verify(keys.public_key, bytes, made));
    made.bytes[3] ^= 1;
    EXPECT_FALSE(verify(keys.public_key, bytes, made));
    made.bytes[3] ^= 1;
    EXPECT_FALSE(verify(keys.public_key, as_bytes(std::string_view("other")), made));
    EXPECT_FALSE(verify(make_keys().public_key, bytes, made));
  }
}

class Files : public test::Scratch {
 public:
  Files() { keys = keys_of(kVectors[0]); }
  std::string refusal_of_public(const std::string& text) {
    auto parsed = parse_public_key(text, "k.pub");
    return parsed ? "taken" : parsed.error().what;
  }
  std::string refusal_of_secret(const std::string& text) {
    auto parsed = parse_secret_key(text, "k.sec");
    return parsed ? "taken" : parsed.error().what;
  }
  /// A file of signify's form around `bytes`, by coreutils.
  std::string wrapped(const std::string& bytes) {
    write("bytes", bytes);
    return "untrusted comment: x\n" + shell("base64 -w 0 bytes; echo");
  }
  std::string bytes_of(const std::string& text) {
    write("text", text);
    shell("sed -n 2p text | base64 -d > raw");
    return read("raw");
  }
  KeyPair keys;
};

TEST_F(Files, AsTheyWereWritten) {
  EXPECT_EQ(parse_public_key(text_of(keys.public_key, "c"), "f").value(), keys.public_key);
  SecretKey secret = parse_secret_key(text_of(keys.secret, "c"), "f").value();
  EXPECT_EQ(secret.key, keys.secret.key);
  EXPECT_EQ(secret.id, keys.secret.id);
  Signature made = sign(keys.secret, as_bytes(std::string_view("m")));
  Signature again = parse_signature(text_of(made, "c"), "f").value();
  EXPECT_EQ(again.bytes, made.bytes);
  EXPECT_EQ(text_of(again.id), "0102030000000000");
}

// boot.md's table of sizes: 42, 104 and 74 bytes; 56, 140 and 100 characters.
TEST_F(Files, HaveTheSizesOfSignify) {
  Signature made = sign(keys.secret, as_bytes(std::string_view("m")));
  EXPECT_EQ(text_of(keys.public_key, "").size(), 20u + 57u);
  EXPECT_EQ(text_of(keys.secret, "").size(), 20u + 141u);
  EXPECT_EQ(text_of(made, "").size(), 20u + 101u);
}

TEST_F(Files, SignifyTakesOurs) {
  ASSERT_TRUE(write_key_files(keys, path("k.sec"), path("k.pub"), "test"));
  write("message", "of some length\n");
  shell("signify-openbsd -S -s k.sec -m message -x theirs.sig");
  Signature ours = sign(keys.secret, as_bytes(std::string_view("of some length\n")));
  write("ours.sig", text_of(ours, "verify with k.pub"));
  shell("signify-openbsd -V -q -p k.pub -m message -x ours.sig");
  shell("sed -n 2p ours.sig > a; sed -n 2p theirs.sig > b; cmp a b");
  write("message", "of another length\n");
  shell("signify-openbsd -V -q -p k.pub -m message -x ours.sig", 1);
}

TEST_F(Files, WeTakeSignifys) {
  shell(
      "signify-openbsd -G -n -c theirs -p k.pub -s k.sec; printf text > m; "
      "signify-openbsd -S -s k.sec -m m -x m.sig");
  PublicKey key = read_public_key(path("k.pub"), env).value();
  SecretKey secret = read_secret_key(path("k.sec"), env).value();
  EXPECT_EQ(public_half(secret), key);
  Signature theirs = parse_signature(read("m.sig"), "m.sig").value();
  EXPECT_TRUE(verify(key, as_bytes(std::string_view("text")), theirs));
  EXPECT_FALSE(verify(key, as_bytes(std::string_view("test")), theirs));
  EXPECT_EQ(sign(secret, as_bytes(std::string_view("text"))).bytes, theirs.bytes);
}

TEST_F(Files, KeyWithPassphrase) {
  std::string bytes = bytes_of(text_of(keys.secret, ""));
  bytes[7] = 42;  // signify's own number of rounds
  auto refused = parse_secret_key(wrapped(bytes), "k.sec");
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().what, HasSubstr("with a passphrase"));
  EXPECT_THAT(refused.error().hint, HasSubstr("signify -G -n"));
}

TEST_F(Files, KeysOfOtherSoftwareAndOtherKinds) {
  std::string secret = bytes_of(text_of(keys.secret, ""));
  std::string shared = bytes_of(text_of(keys.public_key, ""));
  EXPECT_EQ(refusal_of_secret(wrapped(secret)), "taken");
  EXPECT_EQ(refusal_of_public(wrapped(shared)), "taken");
  std::string other = secret;
  other.replace(2, 2, "Sc");  // minisign's derivation
  EXPECT_THAT(refusal_of_secret(wrapped(other)), HasSubstr("of other software"));
  other = secret;
  other[40] = static_cast<char>(other[40] ^ 1);
  EXPECT_THAT(refusal_of_secret(wrapped(other)), HasSubstr("damaged"));
  other = shared;
  other.replace(0, 2, "ED");  // minisign's hashed form
  EXPECT_THAT(refusal_of_public(wrapped(other)), HasSubstr("of another algorithm"));
  EXPECT_THAT(refusal_of_public(wrapped(secret)), HasSubstr("is a secret key, not a public key"));
  EXPECT_THAT(refusal_of_secret(wrapped(shared)), HasSubstr("is a public key, not a secret key"));
  EXPECT_THAT(refusal_of_public(wrapped(shared + "x")), HasSubstr("none of signify's files"));
  EXPECT_THAT(refusal_of_public("-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n"),
              HasSubstr("is not a public key of signify or usign"));
}

TEST_F(Files, TwoLinesAndNothingElse) {
  std::string sound = text_of(keys.public_key, "c");
  EXPECT_EQ(refusal_of_public(sound), "taken");
  std::string second = sound.substr(sound.find('\n') + 1);
  for (const std::string& bad :
       {std::string(), std::string("\n\n"), second, sound + "\n", sound + "more\n",
        sound.substr(0, sound.size() - 1), "trusted comment: c\n" + second,
        "untrusted comment: " + std::string(2000, 'c') + "\n" + second,
        "untrusted comment: c\n" + second.substr(1), std::string("untrusted comment: c\n\n"),
        "untrusted comment: c\n " + second, "untrusted comment: c\n!" + second.substr(1),
        std::string("untrusted comment: c\n\0", 22) + second}) {
    EXPECT_NE(refusal_of_public(bad), "taken") << bad;
  }
}

TEST_F(Files, SecretKeysAreTheirOwnersAlone) {
  mode_t before = umask(0);
  ASSERT_TRUE(write_key_files(keys, path("k.sec"), path("k.pub"), "test"));
  umask(before);
  EXPECT_EQ(shell("stat -c %a k.sec k.pub"), "600\n644\n");
  EXPECT_EQ(read("k.pub").substr(0, read("k.pub").find('\n')),
            "untrusted comment: test public key");
}

TEST_F(Files, KeysAreNotWrittenOver) {
  for (const char* there : {"k.sec", "k.pub"}) {
    shell("rm -f k.sec k.pub");
    write(there, "precious");
    auto refused = write_key_files(keys, path("k.sec"), path("k.pub"), "test");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::refused);
    EXPECT_EQ(shell("cat k.*"), "precious");
  }
}

TEST(Keys, DifferEveryTime) {
  KeyPair one = make_keys();
  KeyPair two = make_keys();
  EXPECT_NE(one.public_key, two.public_key);
  EXPECT_NE(one.public_key.id, two.public_key.id);
}

}  // namespace
}  // namespace trxkit::signature
