// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What Linux says about a block device, read from its tables. They are parameters: tests make their
// own. Nothing is opened that belongs to the device itself.
#pragma once

#include <filesystem>
#include <string>

#include "lib/core/result.h"
#include "lib/system/block_device.h"

namespace trxkit {

/// Where Linux keeps its tables.
struct KernelTables {
  std::filesystem::path sys = "/sys";
  std::filesystem::path mountinfo = "/proc/self/mountinfo";
  std::filesystem::path swaps = "/proc/swaps";
};

/// The facts about the block device with `number` ("8:16") that the user calls `path`. Errors:
/// Code::io where Linux does not know it.
Result<DeviceFacts> device_facts(const std::string& path, const std::string& number,
                                 const KernelTables& tables);

}  // namespace trxkit
