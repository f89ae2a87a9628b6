// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Plays Linux' flash partition parsers for Broadcom boards on the contents of a chip: which
// partitions a mainline kernel will see, and by which mtd numbers. Judges nothing.
//
// Behaviour from linux 6.1 drivers/mtd/parsers/bcm47xxpart.c, parser_trx.c and drivers/mtd/
// mtdpart.c. The nvram variable `bootpartition` is taken as unset (0): it only matters where two
// HDR0 images lie in one flash.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lib/firmware/flash_picture.h"

namespace trxkit::firmware {

/// By which Linux knows CFE: this word twice, here in an erase block.
inline constexpr std::uint64_t kCfeMarkOffset = 0x4e0;
inline constexpr std::uint32_t kCfeMark = 0x43464531;

/// A flash partition of a running kernel.
struct KernelPartition {
  std::uint32_t number = 0;  ///< mtd number; for a block device, what follows its name
  std::string name;
  std::uint64_t offset = 0;  ///< bytes from the start of the chip
  std::uint64_t size = 0;    ///< bytes; 0: registered, but out of reach
  bool writable = true;
  bool nested = false;  ///< lies inside the partition listed before it
};

/// The partitions in the order of their numbers. `erase_size`: bytes, as the kernel's driver
/// reports it (the largest of a chip with blocks of several sizes). Errors: those of `chip`.
Result<std::vector<KernelPartition>> play_bcm47xxpart(const FlashContents& chip,
                                                      std::uint64_t erase_size);

}  // namespace trxkit::firmware
