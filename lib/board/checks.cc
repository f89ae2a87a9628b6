// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/board/checks.h"

#include <algorithm>
#include <bit>
#include <map>

#include "lib/board/container.h"
#include "lib/core/bytes.h"

namespace trxkit::board {
namespace {

class Judge {
 public:
  Judge(const Board& board, const CheckedTables& tables, const TomlDocument& document)
      : board_(board), tables_(tables), document_(document) {}

  Status sizes() const;
  Status partitions() const;
  Status roles() const;
  Status nvram() const;
  Status boot_loader() const;
  Status loader() const;
  Status unique_names(std::string_view table, std::string_view key) const;

 private:
  std::unexpected<Error> fault(FindingId id, Position position, std::string what,
                               std::string hint = {}) const {
    return std::unexpected(document_.error(id, position, std::move(what), std::move(hint)));
  }
  Status power_of_two(std::string_view table, std::string_view key) const;
  Status one_partition(const CheckedTable& table) const;
  Status no_overlap() const;

  const Board& board_;
  const CheckedTables& tables_;
  const TomlDocument& document_;
};

Status Judge::power_of_two(std::string_view table, std::string_view key) const {
  const CheckedTable& values = tables_.table(table);
  if (!values.has(key) || std::has_single_bit(values.number(key).value)) return {};
  return fault("BRD005", values.position_of(key), fmt::format("'{}' is no power of two", key));
}

Status Judge::sizes() const {
  TRY(power_of_two("flash", "erase"));
  TRY(power_of_two("flash", "largest_erase"));
  TRY(power_of_two("squashfs", "block_size"));
  const CheckedTable& flash = tables_.table("flash");
  if (board_.flash.largest_erase_size < *board_.flash.erase_size) {
    return fault("BRD010", flash.position_of("largest_erase"),
                 "'largest_erase' is smaller than 'erase'");
  }
  if (*board_.flash.size % board_.flash.largest_erase_size != 0) {
    return fault("BRD008", flash.position_of("size"),
                 fmt::format("the flash is not made of whole erase blocks of {:#x} bytes",
                             board_.flash.largest_erase_size));
  }
  return {};
}

Status Judge::one_partition(const CheckedTable& table) const {
  std::uint64_t offset = *table.number("offset");
  std::uint64_t size = *table.number("size");
  std::uint64_t block = *board_.flash.erase_size;
  std::string name = *table.text("name");
  if (!range_inside(offset, size, *board_.flash.size)) {
    // Both are below 2^32 (keys.cc), so the sum cannot wrap.
    return fault("BRD007", table.position_of(offset >= *board_.flash.size ? "offset" : "size"),
                 fmt::format("partition '{}' ends at {:#x}, behind the flash of {:#x} bytes", name,
                             offset + size, *board_.flash.size));
  }
  for (std::string_view key : {"offset", "size"}) {
    if (*table.number(key) % block == 0) continue;
    return fault(
        "BRD008", table.position_of(key),
        fmt::format("the {} of partition '{}' is no multiple of the erase block of {:#x} "
                    "bytes",
                    key, name, block),
        fmt::format("the nearest multiples are {:#x} and {:#x}", *table.number(key) / block * block,
                    align_up(*table.number(key), block)));
  }
  return {};
}

Status Judge::no_overlap() const {
  // In file order, so that the later one is blamed.
  auto tables = tables_.all("flash.partition");
  for (auto later = tables.begin(); later != tables.end(); ++later) {
    std::uint64_t start = *(*later)->number("offset");
    std::uint64_t end = start + *(*later)->number("size");
    for (auto earlier = tables.begin(); earlier != later; ++earlier) {
      std::uint64_t other = *(*earlier)->number("offset");
      std::uint64_t other_end = other + *(*earlier)->number("size");
      if (start >= other_end || other >= end) continue;
      return fault("BRD006", (*later)->position_of("offset"),
                   fmt::format("partition '{}' ({:#x} to {:#x}) overlaps '{}' ({:#x} to {:#x})",
                               *(*later)->text("name"), start, end, *(*earlier)->text("name"),
                               other, other_end));
    }
  }
  return {};
}

Status Judge::partitions() const {
  for (const CheckedTable* table : tables_.all("flash.partition")) TRY(one_partition(*table));
  return no_overlap();
}

Status Judge::roles() const {
  for (std::string_view role : {"bootloader", "firmware", "nvram"}) {
    bool seen = false;
    for (const CheckedTable* table : tables_.all("flash.partition")) {
      if (*table->text("role") != role) continue;
      if (seen) {
        return fault("BRD009", table->position_of("role"),
                     fmt::format("a second partition has the role '{}'", role));
      }
      seen = true;
    }
    if (seen) continue;
    return fault("BRD003", tables_.table("flash").position(),
                 fmt::format("no partition has the role '{}'", role));
  }
  return {};
}

Status Judge::nvram() const {
  const FlashPartition* partition = board_.partition(PartitionRole::nvram);
  const CheckedTable& table = tables_.table("nvram");
  if (*partition->offset + *partition->size != *board_.flash.size) {
    return fault("BRD010", {.line = partition->offset.line, .column = 1},
                 fmt::format("partition '{}' does not end with the flash", partition->name),
                 "CFE keeps nvram at the end of the chip");
  }
  if (board_.boot_loader.nvram_space > *partition->size) {
    return fault("BRD010", table.position_of("space"),
                 fmt::format("'space' does not fit into the partition '{}' of {:#x} bytes",
                             partition->name, *partition->size));
  }
  return {};
}

Status Judge::boot_loader() const {
  const CheckedTable& table = tables_.table("bootloader");
  if (*board_.boot_loader.load_address >= *board_.boot_loader.base) {
    return fault("BRD010", table.position_of("limit"),
                 "'limit' does not lie above 'load': nothing could be loaded");
  }
  const LzmaParameters& lzma = board_.boot_loader.lzma;
  if (lzma.lc + lzma.lp > 4) {
    const CheckedTable& values = tables_.table("bootloader.lzma");
    return fault("BRD010", values.position_of(values.has("lc") ? "lc" : "lp"),
                 "'lc' and 'lp' together are more than 4");
  }
  return {};
}

Status Judge::loader() const {
  const CheckedTable& table = tables_.table("loader");
  if (board_.loader.use && board_.uart.base == 0) {
    return fault("BRD003", table.position_of("use"), "the loader needs the table [uart]",
                 "it tells on the console what is wrong");
  }
  if (board_.loader.reserve >= *board_.ram_size / 2) {
    return fault(
        "BRD010", table.position_of("reserve"),
        fmt::format("'reserve' leaves less than half of the RAM of {:#x} bytes", *board_.ram_size));
  }
  return {};
}

Status Judge::unique_names(std::string_view table, std::string_view key) const {
  std::map<std::string, std::string> seen;
  for (const CheckedTable* element : tables_.all(table)) {
    // As text, whatever the type.
    std::string value = fmt::format("{}{}", *element->text(key), *element->number(key));
    if (seen.emplace(value, element->path()).second) continue;
    return fault("BRD009", element->position_of(key),
                 fmt::format("[[{}]] has this '{}' already ({})", table, key, seen[value]));
  }
  return {};
}

}  // namespace

Status check_board(const Board& board, const CheckedTables& tables, const TomlDocument& document) {
  Judge judge(board, tables, document);
  TRY(judge.sizes());
  TRY(judge.partitions());
  TRY(judge.unique_names("flash.partition", "name"));
  TRY(judge.roles());
  TRY(judge.nvram());
  TRY(check_container(board, tables, document));
  TRY(judge.boot_loader());
  TRY(judge.loader());
  TRY(judge.unique_names("gpio", "name"));
  TRY(judge.unique_names("gpio", "number"));
  if (std::ranges::find(board.aliases, board.name) != board.aliases.end()) {
    return std::unexpected(document.error("BRD009", tables.table("board").position_of("aliases"),
                                          "the board's own name is among its aliases"));
  }
  return {};
}

}  // namespace trxkit::board
