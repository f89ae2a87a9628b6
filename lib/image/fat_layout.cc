// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/image/fat_layout.h"

#include <algorithm>
#include <array>
#include <limits>
#include <span>
#include <string>

#include "lib/core/bytes.h"

namespace trxkit::image {
namespace {

struct ClusterRow {
  std::uint64_t most_sectors;
  std::uint32_t cluster_sectors;
};

// fatgen103, tables DskTableFAT32 (512-byte clusters up to 260 MiB, 4 KiB up to 8 GiB, and so on)
// and DskTableFAT16 (1 KiB up to 16 MiB, then twice as much at each doubling, up to 2 GiB).
struct Sizes {
  std::uint64_t fewest_sectors;
  std::span<const ClusterRow> rows;
};
constexpr std::array<ClusterRow, 5> kRows32{
    {{532480, 1}, {16777216, 8}, {33554432, 16}, {67108864, 32}, {0xffffffff, 64}}};
constexpr std::array<ClusterRow, 6> kRows16{
    {{32680, 2}, {262144, 4}, {524288, 8}, {1048576, 16}, {2097152, 32}, {4194304, 64}}};

Sizes sizes_of(FatKind kind) {
  if (kind == FatKind::fat32) return {66601, kRows32};
  return {8401, kRows16};
}

// Sectors of a volume with `clusters` clusters: reserved ones, two tables, a root directory of
// fixed size, data.
std::uint64_t volume_sectors(FatKind kind, std::uint64_t clusters, std::uint32_t cluster_sectors) {
  bool fat32 = kind == FatKind::fat32;
  std::uint64_t table = align_up((clusters + 2) * (fat32 ? 4 : 2), kFatSector) / kFatSector;
  std::uint64_t root = fat32 ? 0 : kFat16RootEntries * kFatEntrySize / kFatSector;
  return 32 + 2 * (table + 8) + root + clusters * cluster_sectors;
}

// Names that DOS and Windows give to devices, with any extension.
constexpr std::array<std::string_view, 4> kDevices{"con", "prn", "aux", "nul"};

bool is_device(std::string_view folded) {
  std::string_view stem = folded.substr(0, folded.find('.'));
  if (std::ranges::find(kDevices, stem) != kDevices.end()) return true;
  bool numbered = stem.starts_with("com") || stem.starts_with("lpt");
  return numbered && stem.size() == 4 && stem[3] >= '1' && stem[3] <= '9';
}

}  // namespace

std::uint32_t fat_cluster_sectors(FatKind kind, std::uint64_t sectors) {
  Sizes sizes = sizes_of(kind);
  if (sectors < sizes.fewest_sectors) return 0;
  for (const ClusterRow& row : sizes.rows) {
    if (sectors <= row.most_sectors) return row.cluster_sectors;
  }
  return 0;
}

std::uint64_t fat_size_for(FatKind kind, std::uint64_t content_bytes, std::uint64_t paths,
                           std::uint64_t free_bytes) {
  constexpr std::uint64_t kMiB = 1 << 20;
  Sizes sizes = sizes_of(kind);
  std::uint64_t fewest = sizes.fewest_sectors;
  for (const ClusterRow& row : sizes.rows) {
    std::uint64_t cluster = row.cluster_sectors * kFatSector;
    // A path: its last cluster, its name, and where that begins another cluster of a directory.
    constexpr std::uint64_t kLongestEntry = kFatSector;  // kFatNameLimit
    std::uint64_t bytes = content_bytes + free_bytes + (paths + 1) * (2 * cluster + kLongestEntry);
    std::uint64_t sectors = volume_sectors(kind, bytes / cluster + 1, row.cluster_sectors);
    std::uint64_t size = align_up(std::max(sectors, fewest) * kFatSector, kMiB);
    if (size / kFatSector <= row.most_sectors) return size;
    fewest = row.most_sectors + 1;
  }
  return std::numeric_limits<std::uint64_t>::max() / kMiB * kMiB;
}

std::uint64_t fat_name_size(std::string_view name) {
  return kFatEntrySize * (1 + (name.size() + 12) / 13);
}

Status check_fat_name(std::string_view name) {
  constexpr std::string_view kForbidden = "\"*/:<>?\\|";
  if (name.size() > kFatNameLimit) {
    return fail(Code::bad_input, "the name is longer than {} bytes", kFatNameLimit);
  }
  for (char character : name) {
    if (character < ' ' || character > '~') {
      return fail(Code::bad_input, "the name has characters beyond printable ASCII");
    }
    if (kForbidden.contains(character)) {
      return fail(Code::bad_input, "FAT forbids '{}' in names", character);
    }
  }
  if (name.ends_with('.') || name.ends_with(' ')) {
    return fail(Code::bad_input, "FAT drops a '{}' at the end of a name", name.back());
  }
  if (is_device(fat_folded(name))) {
    return fail(Code::bad_input, "the name belongs to a device on DOS and Windows");
  }
  return {};
}

std::string fat_folded(std::string_view path) {
  std::string result(path);
  for (char& character : result) {
    if (character >= 'A' && character <= 'Z') character = static_cast<char>(character - 'A' + 'a');
  }
  return result;
}

}  // namespace trxkit::image
