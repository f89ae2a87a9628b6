// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/core/digest.h"

#include <fmt/ranges.h>
#include <libdeflate.h>
#include <nettle/sha2.h>
#include <zlib.h>

namespace trxkit {

void Crc32::update(Bytes bytes) {
  // Without bytes there may be no address, which libdeflate takes for the start of a new CRC.
  if (!bytes.empty()) value_ = libdeflate_crc32(value_, bytes.data(), bytes.size());
}

void Crc32::append(const Crc32& following, std::uint64_t length) {
  value_ = static_cast<std::uint32_t>(
      crc32_combine(value_, following.value_, static_cast<z_off_t>(length)));
}

struct Sha256::State {
  sha256_ctx hash;
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  sha256_init(&state_->hash);
}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::update(Bytes bytes) {
  sha256_update(&state_->hash, bytes.size(), reinterpret_cast<const std::uint8_t*>(bytes.data()));
}

Sha256Digest Sha256::digest() {
  Sha256Digest result;
  sha256_digest(&state_->hash, result.size(), result.data());
  return result;
}

std::string hex(std::span<const std::uint8_t> bytes) {
  return fmt::format("{:02x}", fmt::join(bytes, ""));
}

}  // namespace trxkit
