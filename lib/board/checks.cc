// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/board/checks.h"

#include <algorithm>
#include <bit>
#include <map>

#include "lib/board/container.h"
#include "lib/board/partition_checks.h"
#include "lib/core/units.h"

namespace trxkit::board {
namespace {

class Judge {
 public:
  Judge(const Board& board, const CheckedTables& tables, const TomlDocument& document)
      : board_(board), tables_(tables), document_(document) {}

  Findings run();

 private:
  void report(FindingId id, Position position, std::string what, std::string hint = {}) {
    document_.report(findings_, id, position, std::move(what), std::move(hint));
  }
  void names();
  void sizes();
  void power_of_two(std::string_view table, std::string_view key);
  const CheckedTable* of_role(std::string_view role) const;
  void nvram();
  void boot_loader();
  void loader();
  void uneven_blocks();
  void origins();
  void unique(std::string_view table, std::string_view key);

  const Board& board_;
  const CheckedTables& tables_;
  const TomlDocument& document_;
  Findings findings_;
};

void Judge::power_of_two(std::string_view table, std::string_view key) {
  const CheckedTable& values = tables_.table(table);
  if (!values.has(key) || std::has_single_bit(values.number(key).value)) return;
  report("BRD005", values.position_of(key), fmt::format("'{}' is no power of two", key));
}

void Judge::sizes() {
  power_of_two("flash", "erase");
  power_of_two("flash", "largest_erase");
  power_of_two("squashfs", "block_size");
  const CheckedTable& flash = tables_.table("flash");
  if (board_.flash.largest_erase_size < *board_.flash.erase_size) {
    report("BRD010", flash.position_of("largest_erase"), "'largest_erase' is smaller than 'erase'");
  }
  if (*board_.flash.size % board_.flash.largest_erase_size != 0) {
    report("BRD008", flash.position_of("size"),
           fmt::format("the flash is not made of whole erase blocks of {:#x} bytes",
                       board_.flash.largest_erase_size));
  }
}

const CheckedTable* Judge::of_role(std::string_view role) const {
  auto tables = tables_.all("flash.partition");
  auto is = [&](const CheckedTable* table) { return *table->text("role") == role; };
  auto found = std::ranges::find_if(tables, is);
  return found == tables.end() ? nullptr : *found;
}

void Judge::nvram() {
  const CheckedTable* partition = of_role("nvram");
  if (partition == nullptr) return;
  std::uint64_t size = *partition->number("size");
  std::string name = *partition->text("name");
  if (*partition->number("offset") + size != *board_.flash.size) {
    report("BRD010", partition->position_of("offset"),
           fmt::format("partition '{}' does not end with the flash", name),
           "CFE keeps nvram at the end of the chip");
  }
  if (board_.boot_loader.nvram_space > size) {
    report("BRD010", tables_.table("nvram").position_of("space"),
           fmt::format("'space' does not fit into the partition '{}' of {:#x} bytes", name, size));
  }
}

void Judge::boot_loader() {
  const CheckedTable* partition = of_role("bootloader");
  if (partition != nullptr && *partition->number("offset") != 0) {
    report("BRD010", partition->position_of("offset"),
           fmt::format("partition '{}' does not start with the flash", *partition->text("name")),
           "the processor starts with the first bytes of the chip");
  }
  const CheckedTable& table = tables_.table("bootloader");
  if (*board_.boot_loader.load_address >= *board_.boot_loader.base) {
    report("BRD010", table.position_of("limit"),
           "'limit' does not lie above 'load': nothing could be loaded");
  }
  const LzmaParameters& lzma = board_.boot_loader.lzma;
  if (lzma.lc + lzma.lp > 4) {
    const CheckedTable& values = tables_.table("bootloader.lzma");
    report("BRD010", values.position_of(values.has("lc") ? "lc" : "lp"),
           "'lc' and 'lp' together are more than 4");
  }
}

void Judge::loader() {
  const CheckedTable& table = tables_.table("loader");
  if (board_.loader.use && board_.uart.base == 0) {
    report("BRD003", table.position_of("use"), "the loader needs the table [uart]",
           "it tells on the console what is wrong");
  }
  if (board_.loader.reserve >= *board_.ram_size / 2) {
    report("BRD010", table.position_of("reserve"),
           fmt::format("'reserve' is half of the RAM of {:#x} bytes or more", *board_.ram_size));
  }
}

// Parallel chips come with "boot sectors": the first or the last block cut into eight.
void Judge::uneven_blocks() {
  if (board_.flash.type != FlashType::nor_parallel) return;
  if (is_known(board_.flash.erase_size.confidence)) return;
  report("BRD013", tables_.table("flash").position_of("erase"),
         "a parallel chip may have blocks of 8 KiB at one end, and no log shows those of this one; "
         "images keep to the larger ones",
         "the kernel names them when it finds the chip; then give 'erase' the confidence \"log\"");
}

void Judge::origins() {
  std::vector<std::string> guesses;
  Position first_guess;
  for (const CheckedTable& table : tables_.list) {
    for (const CheckedValue& value : table.values()) {
      if (is_known(value.confidence)) continue;
      std::string key = fmt::format("{}.{}", table.path(), value.spec->key);
      bool guess = value.confidence == Confidence::guess;
      if (value.source.empty()) {
        report(
            "BRD014", value.value->position,
            fmt::format("'{}' is {}, but says not from what", key, guess ? "a guess" : "inferred"),
            "give it a source = \"...\": what it follows from, or who says so");
      }
      if (!guess) continue;
      if (guesses.empty()) first_guess = value.value->position;
      guesses.push_back(std::move(key));
    }
  }
  if (guesses.empty()) return;
  report("BRD017", first_guess,
         fmt::format("{} value{} nobody has seen yet: {}", guesses.size(), plural(guesses.size()),
                     fmt::join(guesses, ", ")),
         "the log of such a router ends the guessing");
}

void Judge::unique(std::string_view table, std::string_view key) {
  std::map<std::string, std::string> seen;
  for (const CheckedTable* element : tables_.all(table)) {
    // As text, whatever the type.
    std::string value = fmt::format("{}{}", *element->text(key), *element->number(key));
    if (seen.emplace(value, element->path()).second) continue;
    report("BRD009", element->position_of(key),
           fmt::format("[[{}]] has this '{}' already ({})", table, key, seen[value]));
  }
}

void Judge::names() {
  unique("flash.partition", "name");
  unique("gpio", "name");
  unique("gpio", "number");
  if (std::ranges::find(board_.aliases, board_.name) != board_.aliases.end()) {
    report("BRD009", tables_.table("board").position_of("aliases"),
           "the board's own name is among its aliases");
  }
}

Findings Judge::run() {
  sizes();
  judge_partitions(board_, tables_, document_, findings_);
  nvram();
  judge_container(board_, tables_, document_, findings_);
  boot_loader();
  loader();
  names();
  uneven_blocks();
  origins();
  return std::move(findings_);
}

}  // namespace

Findings judge_board(const Board& board, const CheckedTables& tables,
                     const TomlDocument& document) {
  return Judge(board, tables, document).run();
}

}  // namespace trxkit::board
