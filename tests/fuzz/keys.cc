// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The files of signify: no text is two of them at once, what was read is written and read again as
// the same, and whatever passes for a secret key signs what its public half verifies.
#include "lib/signature/sign.h"

#include "tests/fuzz/input.h"

namespace {

using namespace trxkit;
using namespace trxkit::signature;

void check(const PublicKey& key) {
  auto again = parse_public_key(text_of(key, "comment"), "again");
  if (!again || *again != key) std::abort();
}

void check(const Signature& signature) {
  auto again = parse_signature(text_of(signature, "comment"), "again");
  if (!again || again->id != signature.id || again->bytes != signature.bytes) std::abort();
}

void check(const SecretKey& key) {
  auto again = parse_secret_key(text_of(key, "comment"), "again");
  if (!again || again->id != key.id || again->key != key.key) std::abort();
  Bytes message = as_bytes("message");
  if (!verify(public_half(key), message, sign(key, message))) std::abort();
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text = as_text(fuzz::bytes_of(data, size));
  auto public_key = parse_public_key(text, "input");
  auto secret_key = parse_secret_key(text, "input");
  auto signature = parse_signature(text, "input");
  if (public_key.has_value() + secret_key.has_value() + signature.has_value() > 1) std::abort();
  if (public_key) check(*public_key);
  if (secret_key) check(*secret_key);
  if (signature) check(*signature);
  if (!public_key && public_key.error().what.empty()) std::abort();
  return 0;
}
