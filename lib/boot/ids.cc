// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/boot/ids.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "lib/core/bytes.h"

namespace trxkit::boot {
namespace {

void add_text(Sha256& hash, std::string_view text) {
  le64 length = text.size();
  hash.update(as_bytes(length));
  hash.update(as_bytes(text));
}

Sha256Digest derive(std::string_view name, const Sha256Digest& seed) {
  Sha256 hash;
  add_text(hash, name);
  hash.update(std::as_bytes(std::span(seed)));
  return hash.digest();
}

// Not 0, which tools print as "no id".
std::uint32_t number_from(std::string_view name, const Sha256Digest& seed) {
  Sha256Digest digest = derive(name, seed);
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < 4; ++i) number = number << 8 | digest.at(i);
  return std::max(number, 1U);
}

// 0 for what is no such number.
std::uint32_t eight_digits(std::string_view digits) {
  std::uint32_t number = 0;
  auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), number, 16);
  bool whole = digits.size() == 8 && parsed.ptr == digits.data() + digits.size();
  return whole ? number : 0;
}

}  // namespace

std::string uuid_from(std::string_view name, const Sha256Digest& seed) {
  Sha256Digest digest = derive(name, seed);
  digest[6] = static_cast<std::uint8_t>((digest[6] & 0x0F) | 0x80);
  digest[8] = static_cast<std::uint8_t>((digest[8] & 0x3F) | 0x80);
  std::string digits = hex(std::span(digest).first(16));
  return fmt::format("{}-{}-{}-{}-{}", digits.substr(0, 8), digits.substr(8, 4),
                     digits.substr(12, 4), digits.substr(16, 4), digits.substr(20));
}

void IdSeed::add(std::string_view name, std::string_view value) {
  add_text(hash_, name);
  add_text(hash_, value);
}

StickIds IdSeed::ids() {
  Sha256Digest seed = hash_.digest();
  return {.boot_uuid = uuid_from("boot", seed),
          .volume_id = number_from("volume", seed),
          .disk_id = number_from("disk", seed),
          .disk_uuid = uuid_from("disk", seed),
          .swap_uuid = uuid_from("swap", seed),
          .data_uuid = uuid_from("data", seed),
          .seed = seed};
}

std::string StickIds::uuid(std::string_view part) const {
  return uuid_from(part, seed);
}

std::string StickIds::root_uuid(std::string_view entry) const {
  return uuid_from(fmt::format("root {}", entry), seed);
}

std::string volume_name(std::uint32_t volume_id) {
  return fmt::format("{:04X}-{:04X}", volume_id >> 16, volume_id & 0xFFFF);
}

Result<std::uint32_t> parse_volume_name(std::string_view name) {
  std::string digits(name);
  if (name.size() == 9 && name[4] == '-') digits.erase(4, 1);
  if (std::uint32_t id = eight_digits(digits); id != 0) return id;
  return fail(Code::usage, "'{}' cannot be the id of a FAT volume, which is like 1234-ABCD", name);
}

Result<std::uint32_t> parse_disk_id(std::string_view id) {
  std::string_view digits = id.starts_with("0x") ? id.substr(2) : id;
  if (std::uint32_t number = eight_digits(digits); number != 0) return number;
  return fail(Code::usage, "'{}' cannot be the id of an MBR, which is like 0x1234abcd", id);
}

Status check_uuid(std::string_view text) {
  constexpr std::string_view kForm = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  constexpr std::string_view kDigits = "0123456789abcdef";
  bool uuid = text.size() == kForm.size();
  for (std::size_t i = 0; uuid && i < kForm.size(); ++i) {
    uuid = kForm[i] == '-' ? text[i] == '-' : kDigits.contains(text[i]);
  }
  if (uuid) return {};
  return fail(Code::usage, "'{}' is no UUID in lower case", text);
}

}  // namespace trxkit::boot
