// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// How a FAT volume begins, as its writer, its checker and its readers share it. Source: Microsoft,
// "FAT: General Overview of On-Disk Format" 1.03 (fatgen103), "Boot Sector and BPB Structure".
#pragma once

#include <array>
#include <cstdint>

#include "lib/core/bytes.h"

namespace trxkit::image {

/// The first 40 bytes of a volume; `table_sectors_32` means something on FAT32 alone.
struct FatBootSector {
  std::array<std::uint8_t, 3> jump;
  std::array<char, 8> oem;
  le16 sector_size;  ///< bytes
  std::uint8_t cluster_sectors;
  le16 reserved_sectors;
  std::uint8_t tables;
  le16 root_entries;
  le16 sectors_16;
  std::uint8_t media;
  le16 table_sectors_16;
  le16 track_sectors;
  le16 heads;
  le32 hidden_sectors;
  le32 sectors_32;
  le32 table_sectors_32;
};
static_assert(sizeof(FatBootSector) == 40);

}  // namespace trxkit::image
