// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// MBR: linux block/partitions/msdos.c. GPT: UEFI specification 2.10, 5.3; linux
// block/partitions/efi.c.
#include "lib/image/partition_table.h"

#include <algorithm>
#include <optional>

#include "lib/core/digest.h"
#include "lib/image/volume_facts.h"

namespace trxkit::image {
namespace {

constexpr std::uint64_t kSector = 512;
constexpr std::uint8_t kProtectiveType = 0xEE;
constexpr std::uint32_t kMostGptEntries = 1024;  // 128 in all tables that anybody writes

struct MbrEntry {
  std::uint8_t flags;
  std::array<std::uint8_t, 3> first;
  std::uint8_t type;
  std::array<std::uint8_t, 3> last;
  le32 start;
  le32 size;
};
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
  le64 own_sector;
  le64 other_sector;
  le64 first_usable;
  le64 last_usable;
  std::array<std::uint8_t, 16> disk_id;
  le64 table_sector;
  le32 entries;
  le32 entry_size;
  le32 table_crc;
};
static_assert(sizeof(GptHeader) == 92);

struct GptEntry {
  std::array<std::uint8_t, 16> type;
  std::array<std::uint8_t, 16> id;
  le64 first;
  le64 last;
};

std::unexpected<Error> broken(const InputFile& disk, std::uint64_t offset,
                              const std::string& what) {
  auto failure = fail_at({disk.name(), offset}, Code::bad_input, "{}", what);
  failure.error().finding = "STK046";
  return advise(std::move(failure), "write the stick again");
}

Status add(const InputFile& disk, std::uint32_t number, std::uint64_t first, std::uint64_t sectors,
           PartitionTable& table) {
  auto offset = checked_multiply(first, kSector);
  auto size = checked_multiply(sectors, kSector);
  if (!offset || !size || !range_inside(*offset, *size, disk.size())) {
    return broken(disk, 0, fmt::format("partition {} reaches past the end of the disk", number));
  }
  table.partitions.push_back({number, *offset, *size});
  return {};
}

std::uint32_t crc32_of(Bytes bytes) {
  Crc32 crc;
  crc.update(bytes);
  return crc.value();
}

bool is_sound(const GptHeader& header, std::vector<std::byte> bytes) {
  std::fill_n(bytes.begin() + 16, 4, std::byte{0});  // the CRC counts itself as zero
  return std::string_view(header.signature.data(), 8) == "EFI PART" &&
         crc32_of(bytes) == header.header_crc && header.entry_size >= sizeof(GptEntry) &&
         header.entry_size <= kSector && header.entries <= kMostGptEntries;
}

/// One of the two copies of a GPT.
struct GptCopy {
  GptHeader header;
  std::uint64_t offset = 0;  ///< of the entries, bytes
  std::vector<std::byte> entries = {};
};

/// The copy whose header is in `sector`, or nothing where it is damaged or missing.
Result<std::optional<GptCopy>> read_gpt_copy(const InputFile& disk, std::uint64_t sector) {
  if (sector >= disk.size() / kSector) return std::nullopt;
  GptCopy copy{.header = TRY(disk.read_struct<GptHeader>(sector * kSector))};
  const GptHeader& header = copy.header;
  std::uint64_t size = std::clamp<std::uint64_t>(header.header_size, sizeof(GptHeader), kSector);
  if (!is_sound(header, TRY(disk.bytes_at(sector * kSector, size)))) return std::nullopt;
  copy.offset = checked_multiply(header.table_sector.value(), kSector).value_or(disk.size());
  copy.entries = TRY(disk.bytes_at(copy.offset, std::uint64_t{header.entries} * header.entry_size));
  if (crc32_of(copy.entries) != header.table_crc) return std::nullopt;
  return copy;
}

void own_copy(const GptCopy& copy, std::uint64_t sector, PartitionTable& table) {
  table.own.push_back({sector * kSector, kSector});
  table.own.push_back({copy.offset, align_up(copy.entries.size(), kSector)});
}

Result<PartitionTable> read_gpt(const InputFile& disk) {
  auto first = TRY(read_gpt_copy(disk, 1));
  if (!first) return broken(disk, kSector, "the GPT is damaged or missing");
  PartitionTable result{.kind = "gpt", .partitions = {}};
  result.own.push_back({0, kSector});
  own_copy(*first, 1, result);
  std::uint64_t other = first->header.other_sector;
  if (auto second = TRY(read_gpt_copy(disk, other))) own_copy(*second, other, result);
  ByteReader reader(first->entries, disk.name(), first->offset);
  for (std::uint32_t i = 0; i < first->header.entries; ++i) {
    auto entry = TRY(reader.read_at<GptEntry>(std::uint64_t{i} * first->header.entry_size));
    bool used = std::ranges::any_of(entry.type, [](std::uint8_t byte) { return byte != 0; });
    if (!used) continue;
    if (entry.last < entry.first) {
      return broken(disk, first->offset, "a partition ends before it starts");
    }
    TRY(add(disk, i + 1, entry.first, entry.last - entry.first + 1, result));
  }
  return result;
}

Result<PartitionTable> read_mbr(const InputFile& disk, const Mbr& mbr) {
  PartitionTable table{.kind = "mbr", .partitions = {}};
  std::uint64_t start = disk.size();
  for (std::uint32_t i = 0; i < mbr.entries.size(); ++i) {
    const MbrEntry& entry = mbr.entries[i];
    if (entry.type == 0 || entry.size == 0) continue;
    TRY(add(disk, i + 1, entry.start, entry.size, table));
    start = std::min(start, table.partitions.back().offset);
  }
  table.own.push_back({0, start});
  return table;
}

/// Whether its four entries can be partitions, rather than code or text.
bool is_table(const Mbr& mbr) {
  bool any =
      std::ranges::any_of(mbr.entries, [](const MbrEntry& entry) { return entry.type != 0; });
  return mbr.signature == 0xAA55 && any &&
         std::ranges::all_of(mbr.entries, [](const MbrEntry& entry) {
           return (entry.flags & 0x7f) == 0 && (entry.type == 0 || entry.start != 0);
         });
}

PartitionTable whole(const InputFile& disk) {
  return {.kind = "none", .partitions = {{1, 0, disk.size()}}};
}

}  // namespace

Result<PartitionTable> read_partition_table(const InputFile& disk) {
  if (disk.size() < kSector) return whole(disk);
  auto mbr = TRY(disk.read_struct<Mbr>(0));
  if (!is_table(mbr) || TRY(read_volume_facts(disk, 0)).is_fat()) return whole(disk);
  bool protects =
      std::ranges::find(mbr.entries, kProtectiveType, &MbrEntry::type) != mbr.entries.end();
  return protects ? read_gpt(disk) : read_mbr(disk, mbr);
}

}  // namespace trxkit::image
