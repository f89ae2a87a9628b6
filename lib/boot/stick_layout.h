// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Where the volumes of a stick lie. Decides places and sizes alone; writes nothing.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lib/boot/stick_plan.h"

namespace trxkit::boot {

enum class VolumeUse : std::uint8_t { boot, root, swap, data };

/// One partition, or the whole stick where it has no partition table.
struct StickVolume {
  VolumeUse use = VolumeUse::boot;
  StickPartition partition;
  std::size_t entry = 0;  ///< whose root it is: its place in the request
};

struct DiskLayout {
  std::vector<StickVolume> volumes;  ///< in the order of the stick: boot first, data last
  std::uint64_t size = 0;            ///< bytes of the stick
};

/// Lays out boot partition (of `boot_size` bytes), roots, swap and data, each from a whole MiB on.
/// Errors: Code::usage for more than a stick without partition table can hold; Code::does_not_fit
/// for more partitions than an MBR has.
Result<DiskLayout> lay_out(const StickRequest& request, const StickPlan& plan,
                           std::uint64_t boot_size);

}  // namespace trxkit::boot
