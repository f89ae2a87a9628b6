// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What partition tables own, and which partitions they name. Sources: UEFI Specification 2.10,
// sections 5.2 (MBR) and 5.3 (GPT); linux block/partitions/msdos.c.
#include <algorithm>
#include <array>

#include "lib/image/block_collector.h"

namespace trxkit::image {
namespace {

constexpr std::uint64_t kSector = 512;
constexpr std::uint8_t kProtective = 0xEE;
constexpr std::uint16_t kBootSignature = 0xAA55;
constexpr std::string_view kGptSignature = "EFI PART";

struct MbrEntry {
  std::uint8_t status;
  std::array<std::uint8_t, 3> first_chs;
  std::uint8_t type;
  std::array<std::uint8_t, 3> last_chs;
  le32 first;
  le32 sectors;
};
static_assert(sizeof(MbrEntry) == 16);

struct Mbr {
  std::array<std::uint8_t, 446> code;
  std::array<MbrEntry, 4> entries;
  le16 signature;
};
static_assert(sizeof(Mbr) == kSector);

struct GptHeader {
  std::array<char, 8> signature;
  le32 revision;
  le32 header_size;
  le32 header_crc;
  le32 reserved;
  le64 here;
  le64 other;
  le64 first_usable;
  le64 last_usable;
  std::array<std::uint8_t, 16> disk;
  le64 entries;
  le32 count;
  le32 entry_size;
  le32 entries_crc;

  bool is_one() const { return std::string_view(signature.data(), 8) == kGptSignature; }
};
static_assert(sizeof(GptHeader) == 92);

struct GptEntry {
  std::array<std::uint8_t, 16> type;
  std::array<std::uint8_t, 16> id;
  le64 first;
  le64 last;

  bool is_used() const {
    return std::ranges::any_of(type, [](std::uint8_t byte) { return byte != 0; });
  }
};

std::unexpected<Error> outside(const Volume& image, std::uint64_t place, std::string_view what) {
  return fail_at({image.image.name(), place}, Code::bad_input,
                 "{} lies outside of the image, which ends at {:#x}", what, image.place.size);
}

// Sectors [first, first + sectors) in bytes, inside `image`.
Result<ByteRange> sectors_of(const Volume& image, std::uint64_t first, std::uint64_t sectors,
                             std::string_view what) {
  std::uint64_t limit = image.place.size / kSector;
  if (!range_inside(first, sectors, limit)) return outside(image, 0, what);
  return ByteRange{first * kSector, sectors * kSector};
}

// A file system on the whole image has the signature as well (FAT): its "entries" are code or text.
bool is_table(const Mbr& mbr, const Volume& image) {
  bool any = false;
  for (const MbrEntry& entry : mbr.entries) {
    if ((entry.status & 0x7f) != 0) return false;
    if (entry.type == 0) continue;
    if (entry.first == 0 || entry.first >= image.place.size / kSector) return false;
    any = true;
  }
  return any;
}

Result<std::optional<Mbr>> read_mbr(const Volume& image) {
  if (image.place.size < kSector) return std::nullopt;
  Mbr mbr = TRY(image.image.read_struct<Mbr>(0));
  if (mbr.signature != kBootSignature || !is_table(mbr, image)) return std::nullopt;
  return mbr;
}

// Header and entries of one copy of the table.
Result<std::optional<GptHeader>> map_gpt_copy(const Volume& image, std::uint64_t sector,
                                              BlockCollector& blocks) {
  if (sector >= image.place.size / kSector) return std::nullopt;
  auto header = TRY(image.image.read_struct<GptHeader>(sector * kSector));
  if (!header.is_one()) return std::nullopt;
  constexpr std::uint32_t kMostEntries = 4096;
  if (header.entry_size < sizeof(GptEntry) || header.entry_size > kSector ||
      header.count > kMostEntries) {
    return fail_at({image.image.name(), sector * kSector}, Code::bad_input,
                   "is a GPT of {} entries of {} bytes", header.count.value(),
                   header.entry_size.value());
  }
  TRY(blocks.add(image, sector * kSector, kSector));
  std::uint64_t bytes = std::uint64_t{header.count} * header.entry_size;
  auto place = TRY(sectors_of(image, header.entries, align_up(bytes, kSector) / kSector,
                              "the list of partitions"));
  TRY(blocks.add(image, place.offset, place.size));
  return header;
}

}  // namespace

Result<bool> map_gpt(const Volume& image, BlockCollector& blocks,
                     std::vector<ByteRange>& partitions) {
  auto mbr = TRY(read_mbr(image));
  if (!mbr || std::ranges::find(mbr->entries, kProtective, &MbrEntry::type) == mbr->entries.end()) {
    return false;
  }
  auto header = TRY(map_gpt_copy(image, 1, blocks));
  if (!header) return false;
  TRY(blocks.add(image, 0, kSector));
  TRY(map_gpt_copy(image, header->other, blocks));
  for (std::uint32_t i = 0; i < header->count; ++i) {
    std::uint64_t place = header->entries * kSector + std::uint64_t{i} * header->entry_size;
    auto entry = TRY(image.image.read_struct<GptEntry>(place));
    if (!entry.is_used()) continue;
    std::string what = fmt::format("partition {}", i + 1);
    if (entry.last < entry.first) return outside(image, place, what);
    partitions.push_back(TRY(sectors_of(image, entry.first, entry.last - entry.first + 1, what)));
  }
  return true;
}

Result<bool> map_mbr(const Volume& image, BlockCollector& blocks,
                     std::vector<ByteRange>& partitions) {
  auto mbr = TRY(read_mbr(image));
  if (!mbr) return false;
  std::uint64_t first = image.place.size;
  for (std::size_t i = 0; i < mbr->entries.size(); ++i) {
    const MbrEntry& entry = mbr->entries[i];
    if (entry.type == 0) continue;
    auto place =
        TRY(sectors_of(image, entry.first, entry.sectors, fmt::format("partition {}", i + 1)));
    first = std::min(first, place.offset);
    partitions.push_back(place);
  }
  // Boot loaders of PCs lie between table and first partition.
  TRY(blocks.add(image, 0, first));
  return true;
}

}  // namespace trxkit::image
