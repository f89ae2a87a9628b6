// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The mapped blocks of an image onto a device, so that the device looks bootable only when all of
// it is right: its head is wiped first and written last, behind the read-back.
#pragma once

#include <cstdint>
#include <vector>

#include "lib/boot/stick.h"
#include "lib/image/mapped_blocks.h"
#include "lib/system/block_device.h"
#include "lib/system/file.h"

namespace trxkit::boot {

/// What every stick is recognised by lies in here: partition table (GPT takes 17 KiB), or the
/// superblock of a file system without one.
inline constexpr std::uint64_t kHeadSize = 64 << 10;

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

/// Writes `ranges` (ascending, inside both) of `image` to `device`, called `name` in messages.
/// Errors: Code::io; finding DEV009 naming the range that reads back wrong. After an error, and
/// after a signal, which is answered with a message, the device does not look bootable: unless
/// nothing had to be written, its head is empty then.
Result<BlockWriteResult> write_blocks(const InputFile& image,
                                      const std::vector<image::ByteRange>& ranges,
                                      BlockDevice& device, const std::string& name,
                                      const BlockWriteOptions& options, const Progress& progress);

}  // namespace trxkit::boot
