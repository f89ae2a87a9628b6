// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Identifiers of a stick, derived from what it is made of: equal builds have equal ids, different
// sticks in one router have different ones. No clock, no random numbers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "lib/core/digest.h"
#include "lib/core/result.h"

namespace trxkit::boot {

struct StickIds {
  std::string boot_uuid;        ///< of an ext4 boot partition
  std::uint32_t volume_id = 0;  ///< of a FAT boot partition
  std::uint32_t disk_id = 0;    ///< of the MBR, never 0
  std::string disk_uuid;        ///< of the GPT
  std::string swap_uuid;        ///< of a swap partition
  std::string data_uuid;        ///< of a data partition
  Sha256Digest seed = {};       ///< what the others come from

  /// Of another part of the stick: "partition 1" of a GPT.
  std::string uuid(std::string_view part) const;
  /// Of the root file system of the boot entry `entry`.
  std::string root_uuid(std::string_view entry) const;
};

/// Collects what makes a stick this stick and no other.
class IdSeed {
 public:
  /// One ingredient. `name` and `value` may hold any bytes: their lengths are hashed along.
  void add(std::string_view name, std::string_view value);
  /// All ids; call it once, last.
  StickIds ids();

 private:
  Sha256 hash_;
};

/// A UUID of version 8, variant 1 (RFC 9562, 5.8) from the first 16 bytes of SHA-256(name, seed).
std::string uuid_from(std::string_view name, const Sha256Digest& seed);

/// "1234-ABCD", as findfs and blkid call a FAT volume.
std::string volume_name(std::uint32_t volume_id);
/// The reverse. Errors: Code::usage for what has another form, or is 0.
Result<std::uint32_t> parse_volume_name(std::string_view name);

/// The id of an MBR, "0x1234abcd" or "1234abcd". Errors: Code::usage for what has another form, or
/// is 0.
Result<std::uint32_t> parse_disk_id(std::string_view id);

/// Whether `text` has the form of a UUID, in lower case. Errors: Code::usage.
Status check_uuid(std::string_view text);

}  // namespace trxkit::boot
