// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Whether a disk may be overwritten with a stick image. Everything that speaks against it is said
// at once; nothing here touches the disk.
#pragma once

#include <cstdint>
#include <string>

#include "lib/core/finding.h"
#include "lib/image/mapped_blocks.h"
#include "lib/system/block_device.h"

namespace trxkit::boot {

/// Findings DEV001 to DEV008 and DEV012 on writing `image_size` bytes to `target`. `allow_fixed`:
/// the user says that it may be a disk that is built in.
Findings judge_target(const DeviceFacts& target, std::uint64_t image_size, bool allow_fixed);

/// Finding DEV010 on every part of the image that is written whole.
Findings judge_mapping(const std::string& image, const image::MappedBlocks& blocks);

/// Whether `said` is the serial number or model of `target`, or the path of a file: what the user
/// has to say before it is overwritten. Errors: finding DEV011, Code::refused.
Status confirm_target(const DeviceFacts& target, const std::string& said);

/// What confirm_target() wants to hear: the serial number, else the model, else the path.
std::string name_to_confirm(const DeviceFacts& target);

/// "SanDisk Ultra, serial 4C53..., 14.9 GiB, USB, removable".
std::string describe(const DeviceFacts& target);

}  // namespace trxkit::boot
