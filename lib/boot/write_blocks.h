// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Blocks of files onto a device, so that the device looks bootable only when all of
// it is right: its head is wiped first and written last, behind the read-back.
#pragma once

#include <cstdint>
#include <vector>

#include "lib/boot/stick.h"
#include "lib/image/byte_ranges.h"
#include "lib/system/block_device.h"
#include "lib/system/file.h"

namespace trxkit::boot {

/// What every stick is recognised by lies in here: partition table (GPT takes 17 KiB), or the
/// superblock of a file system without one.
inline constexpr std::uint64_t kHeadSize = 64 << 10;

/// Bytes of a file for a place of a device.
struct WriteRange {
  const InputFile* file = nullptr;
  std::uint64_t from = 0;    ///< where they start in `file`, bytes
  image::ByteRange to = {};  ///< where they go on the device
};
using WriteRanges = std::vector<WriteRange>;

/// `ranges` of `file`, each for a place `shift` bytes behind its own.
WriteRanges write_ranges(const InputFile& file, const image::ByteRanges& ranges,
                         std::uint64_t shift = 0);

/// Everything for a device; what is in no range stays as it is there, but for the head.
struct DeviceContents {
  std::uint64_t size = 0;   ///< bytes of the device that mean something, all `ranges` among them
  WriteRanges ranges = {};  ///< ascending on the device
};

struct BlockWriteOptions {
  bool verify = true;     ///< read back and compare
  bool minimize = false;  ///< write only what differs
  bool discard = true;    ///< tell the device first that nothing on it is needed
};

struct BlockWriteResult {
  std::uint64_t written = 0;   ///< bytes
  std::uint64_t compared = 0;  ///< bytes read back
  bool discarded = false;
};

/// Writes `contents` to `device`, called `name` in messages. Errors: Code::io; finding DEV009
/// naming the range that reads back wrong. After an error, and after a signal, which is answered
/// with a message, the device does not look bootable: unless nothing had to be written, its head is
/// empty then.
Result<BlockWriteResult> write_blocks(const DeviceContents& contents, BlockDevice& device,
                                      const std::string& name, const BlockWriteOptions& options,
                                      const Progress& progress);

}  // namespace trxkit::boot
