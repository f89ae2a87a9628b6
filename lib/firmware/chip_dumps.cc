// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/firmware/chip_dumps.h"

#include <algorithm>
#include <array>

#include "lib/core/printable.h"
#include "lib/core/units.h"
#include "lib/firmware/bcm47xxpart.h"
#include "lib/nvram/judge.h"

namespace trxkit::firmware {
namespace {

using Word = std::array<std::byte, 4>;

// How a programmer may have ordered the bytes of every word.
enum class Order : std::uint8_t { right, halves_swapped, words_swapped };

Word stored(std::uint32_t mark, Order order) {
  le32 word = mark;
  Word bytes{};
  std::ranges::copy(as_bytes(word), bytes.begin());
  if (order == Order::halves_swapped) {
    std::swap(bytes[0], bytes[1]);
    std::swap(bytes[2], bytes[3]);
  } else if (order == Order::words_swapped) {
    std::ranges::reverse(bytes);
  }
  return bytes;
}

Result<bool> has_mark(const PlacedDump& dump, std::uint64_t offset, std::uint32_t mark,
                      Order order) {
  if (!range_inside(offset, sizeof(Word), dump.size)) return false;
  return TRY(dump.file->read_struct<Word>(dump.file_offset + offset)) == stored(mark, order);
}

// The marks by which Linux knows CFE (drivers/mtd/parsers/bcm47xxpart.c).
Result<bool> has_boot_mark(const PlacedDump& dump, Order order) {
  bool cfe = TRY(has_mark(dump, kCfeMarkOffset, kCfeMark, order)) &&
             TRY(has_mark(dump, kCfeMarkOffset + sizeof(Word), kCfeMark, order));
  return cfe || TRY(has_mark(dump, nvram::kDefaultPlaces.back(), nvram::kMagic, order));
}

Result<bool> has_nvram_mark(const PlacedDump& dump, Order order) {
  for (std::uint64_t space : nvram::kSpaces) {
    if (space > dump.size) continue;
    if (TRY(has_mark(dump, dump.size - space, nvram::kMagic, order))) return true;
  }
  return false;
}

bool is_space(std::uint64_t size) {
  return std::ranges::find(nvram::kSpaces, size) != nvram::kSpaces.end();
}

Where start_of(const PlacedDump& dump) {
  return {.file = dump.file->name(), .offset = dump.file_offset};
}

template <typename HasMark>
Status judge_order(const PlacedDump& dump, const HasMark& has_mark_in, Findings& findings) {
  for (Order order : {Order::halves_swapped, Order::words_swapped}) {
    if (!TRY(has_mark_in(dump, order))) continue;
    bool halves = order == Order::halves_swapped;
    findings.add("MAP025", start_of(dump),
                 fmt::format("the dump has the bytes of every {} bits swapped", halves ? 16 : 32),
                 halves
                     ? "put them right first: dd conv=swab if=DUMP of=RIGHT"
                     : "put them right first: objcopy -I binary -O binary --reverse-bytes=4 DUMP");
  }
  return {};
}

// Whether the dump is one byte over and over, which is what an erased or unread chip gives.
Result<bool> is_blank(const PlacedDump& dump) {
  std::optional<std::byte> first;
  bool blank = true;
  TRY(dump.file->for_each_block(dump.file_offset, dump.size, [&](Bytes bytes) -> Status {
    if (!first) first = bytes.front();
    blank = blank && std::ranges::all_of(bytes, [&](std::byte byte) { return byte == *first; });
    return {};
  }));
  return blank && (first == std::byte{0xff} || first == std::byte{0});
}

Status judge_blank(const PlacedDump& dump, Findings& findings) {
  if (!TRY(is_blank(dump))) return {};
  findings.add("MAP022", start_of(dump),
               fmt::format("the dump of '{}' is blank: the same byte from start to end",
                           dump.partition->name),
               "read it from the router again; what was never written needs no dump");
  return {};
}

Status judge_defaults(const PlacedDump& dump, bool has_nvram, Findings& findings) {
  auto defaults = TRY(nvram::find_defaults(*dump.file));
  if (defaults && nvram::judge(*defaults, std::nullopt).passed()) {
    const nvram::Setting* address = defaults->find("lan_ipaddr");
    findings.add(
        "NVR015", defaults->at(0),
        fmt::format("the boot loader carries {} settings as defaults{}", defaults->settings.size(),
                    address == nullptr ? "" : ", lan_ipaddr=" + printable(address->value)));
    return {};
  }
  Where place = defaults ? defaults->at(0) : start_of(dump);
  std::string what =
      defaults ? "the boot loader's defaults are not sound" : "the boot loader carries no defaults";
  if (has_nvram) {
    findings.add("NVR013", place, what + ": it has nothing to fall back on if nvram is damaged");
  } else {
    findings.add("MAP026", place, what + ", and there is no nvram: nothing would start",
                 "give the router's own nvram with --nvram");
  }
  return {};
}

}  // namespace

std::optional<PlacedDump> place_dump(const board::Board& board,
                                     const board::FlashPartition& partition, const InputFile& file,
                                     Findings& findings) {
  std::uint64_t chip = *board.flash.size;
  std::uint64_t size = *partition.size;
  if (file.size() == chip) {
    return PlacedDump{&partition, &file, *partition.offset, *partition.offset, size};
  }
  bool ends_with_chip = partition.role == board::PartitionRole::nvram &&
                        (file.size() == board.flash.largest_erase_size ||
                         (file.size() <= size && is_space(file.size())));
  if (ends_with_chip) return PlacedDump{&partition, &file, 0, chip - file.size(), file.size()};
  if (file.size() == size) return PlacedDump{&partition, &file, 0, *partition.offset, size};
  findings.add("MAP020", {.file = file.name(), .offset = {}},
               fmt::format("the dump has {} bytes; '{}' has {} ({}), the chip {}", file.size(),
                           partition.name, size, human_size(size), chip),
               "read it from the router again, or check that it is this router's");
  return std::nullopt;
}

Result<Findings> judge_boot_loader(const PlacedDump& dump, bool has_nvram) {
  Findings findings;
  TRY(judge_blank(dump, findings));
  TRY(judge_order(dump, has_boot_mark, findings));
  if (!findings.passed()) return findings;
  if (!TRY(has_boot_mark(dump, Order::right))) {
    findings.add("MAP021", start_of(dump),
                 "there is neither CFE's mark at 0x4e0 nor \"FLSH\" at 0x400: is this CFE?",
                 "without a mark Linux finds no partition of the boot loader either");
  }
  TRY(judge_defaults(dump, has_nvram, findings));
  return findings;
}

Result<Findings> judge_nvram(const PlacedDump& dump, const board::Board& board) {
  Findings findings;
  TRY(judge_blank(dump, findings));
  TRY(judge_order(dump, has_nvram_mark, findings));
  if (!findings.passed()) return findings;
  auto nvram = TRY(nvram::find_nvram(*dump.file));
  if (nvram && nvram->place == nvram::Place::flash_end) {
    findings.append(nvram::judge(*nvram, board.boot_loader.nvram_space));
    return findings;
  }
  findings.add("NVR001", start_of(dump),
               "holds no nvram: no \"FLSH\" 0x8000, 0xf000 or 0x10000 bytes before its end",
               "read the nvram from the router again");
  return findings;
}

Result<Findings> judge_data(const PlacedDump& dump) {
  Findings findings;
  TRY(judge_blank(dump, findings));
  return findings;
}

}  // namespace trxkit::firmware
