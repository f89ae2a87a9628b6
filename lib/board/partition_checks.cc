// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/board/partition_checks.h"

#include <algorithm>

#include "lib/core/bytes.h"

namespace trxkit::board {
namespace {

class PartitionJudge {
 public:
  PartitionJudge(const Board& board, const CheckedTables& tables, const TomlDocument& document,
                 Findings& findings)
      : board_(board), tables_(tables), document_(document), findings_(findings) {}

  void run();

 private:
  void report(FindingId id, Position position, std::string what, std::string hint = {}) {
    document_.report(findings_, id, position, std::move(what), std::move(hint));
  }
  void one_partition(const CheckedTable& table);
  void overlaps();
  void gaps();
  void one_of_role(std::string_view role);

  const Board& board_;
  const CheckedTables& tables_;
  const TomlDocument& document_;
  Findings& findings_;
};

void PartitionJudge::one_partition(const CheckedTable& table) {
  std::uint64_t offset = *table.number("offset");
  std::uint64_t size = *table.number("size");
  std::uint64_t block = *board_.flash.erase_size;
  std::string name = *table.text("name");
  if (!range_inside(offset, size, *board_.flash.size)) {
    // Both are below 2^32 (keys.cc), so the sum cannot wrap.
    return report("BRD007", table.position_of(offset >= *board_.flash.size ? "offset" : "size"),
                  fmt::format("partition '{}' ends at {:#x}, behind the flash of {:#x} bytes", name,
                              offset + size, *board_.flash.size));
  }
  for (std::string_view key : {"offset", "size"}) {
    std::uint64_t value = *table.number(key);
    if (value % block == 0) continue;
    report("BRD008", table.position_of(key),
           fmt::format("the {} of partition '{}' is no multiple of the erase block of {:#x} bytes",
                       key, name, block),
           fmt::format("the nearest multiples are {:#x} and {:#x}", value / block * block,
                       align_up(value, block)));
  }
}

void PartitionJudge::overlaps() {
  // In file order, so that the later one is blamed.
  auto tables = tables_.all("flash.partition");
  for (auto later = tables.begin(); later != tables.end(); ++later) {
    std::uint64_t start = *(*later)->number("offset");
    std::uint64_t end = start + *(*later)->number("size");
    for (auto earlier = tables.begin(); earlier != later; ++earlier) {
      std::uint64_t other = *(*earlier)->number("offset");
      std::uint64_t other_end = other + *(*earlier)->number("size");
      if (start >= other_end || other >= end) continue;
      report("BRD006", (*later)->position_of("offset"),
             fmt::format("partition '{}' ({:#x} to {:#x}) overlaps '{}' ({:#x} to {:#x})",
                         *(*later)->text("name"), start, end, *(*earlier)->text("name"), other,
                         other_end));
    }
  }
}

// A map with holes would leave to chance what a whole-chip image holds there.
void PartitionJudge::gaps() {
  std::uint64_t covered = 0;
  auto gap_up_to = [&](std::uint64_t end, Position position) {
    if (end <= covered) return;
    report("BRD012", position,
           fmt::format("no partition covers {:#x} to {:#x} of the flash", covered, end),
           "give what lies there a partition of the role 'data'");
  };
  auto tables = tables_.all("flash.partition");
  std::ranges::sort(tables, {}, [](const CheckedTable* t) { return *t->number("offset"); });
  for (const CheckedTable* table : tables) {
    gap_up_to(*table->number("offset"), table->position_of("offset"));
    covered = std::max(covered, *table->number("offset") + *table->number("size"));
  }
  gap_up_to(*board_.flash.size, tables_.table("flash").position_of("size"));
}

void PartitionJudge::run() {
  for (const CheckedTable* table : tables_.all("flash.partition")) one_partition(*table);
  // What follows from a wrong size is no news.
  if (findings_.passed()) {
    overlaps();
    gaps();
  }
  for (std::string_view role : {"bootloader", "firmware", "nvram"}) one_of_role(role);
}

void PartitionJudge::one_of_role(std::string_view role) {
  bool seen = false;
  for (const CheckedTable* table : tables_.all("flash.partition")) {
    if (*table->text("role") != role) continue;
    if (seen) {
      report("BRD009", table->position_of("role"),
             fmt::format("a second partition has the role '{}'", role));
    }
    seen = true;
  }
  if (seen) return;
  report("BRD003", tables_.table("flash").position(),
         fmt::format("no partition has the role '{}'", role));
}

}  // namespace

void judge_partitions(const Board& board, const CheckedTables& tables, const TomlDocument& document,
                      Findings& findings) {
  PartitionJudge(board, tables, document, findings).run();
}

}  // namespace trxkit::board
