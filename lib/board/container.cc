// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/board/container.h"

#include <algorithm>
#include <array>
#include <limits>
#include <ranges>

#include "lib/core/units.h"

namespace trxkit::board {
namespace {

/// What [trx.identity] may hold for one container.
struct ContainerSpec {
  ContainerKind kind = ContainerKind::none;
  std::string_view name;
  std::size_t shortest_id = 0;       ///< bytes
  std::size_t longest_id = 0;        ///< bytes; 0: it has none
  std::size_t version_numbers = 0;   ///< 0: it has none
  std::string_view other_keys = {};  ///< separated by single spaces
  std::string_view ids = {};         ///< the only ones, separated by single spaces; empty: any
};

constexpr auto kContainers = std::to_array<ContainerSpec>({
    {ContainerKind::none, "none"},
    {ContainerKind::asus, "asus", 1, 12, 4},
    {ContainerKind::cybertan, "cybertan", 4, 8, 3, "hardware serial flags"},
    {ContainerKind::chk, "chk", 1, 64, 7, "region"},
    {ContainerKind::usr, "usr"},
    {ContainerKind::edimax, "edimax"},
    {ContainerKind::motorola, "motorola", 6, 6, 0, {}, "WR850G WA840G WE800G"},
});

const ContainerSpec& spec_of(ContainerKind kind) {
  return *std::ranges::find(kContainers, kind, &ContainerSpec::kind);
}

bool has_word(std::string_view words, std::string_view word) {
  return std::ranges::any_of(std::views::split(words, ' '), [&](auto piece) {
    return std::string_view(piece.begin(), piece.end()) == word;
  });
}

// "4.20.6"; nothing where that is no list of numbers below 256.
std::optional<std::vector<std::uint8_t>> parse_version(std::string_view text) {
  std::vector<std::uint8_t> numbers;
  for (auto piece : std::views::split(text, '.')) {
    auto number = parse_number(std::string_view(piece.begin(), piece.end()));
    if (!number || *number > std::numeric_limits<std::uint8_t>::max()) return std::nullopt;
    numbers.push_back(static_cast<std::uint8_t>(*number));
  }
  return numbers;
}

class IdentityJudge {
 public:
  IdentityJudge(const ContainerSpec& spec, const CheckedTables& tables,
                const TomlDocument& document, Findings& findings)
      : spec_(spec),
        table_(tables.table("trx.identity")),
        trx_(tables.table("trx")),
        document_(document),
        findings_(findings) {}

  void id();
  void version();
  void other_keys();

 private:
  void report(FindingId finding, std::string_view key, std::string what) {
    Position position = table_.has(key) ? table_.position_of(key) : trx_.position_of("container");
    document_.report(findings_, finding, position, std::move(what));
  }
  void absent(std::string_view key) {
    if (!table_.has(key)) return;
    report("BRD018", key, fmt::format("the container '{}' has no '{}'", spec_.name, key));
  }

  const ContainerSpec& spec_;
  const CheckedTable& table_;
  const CheckedTable& trx_;
  const TomlDocument& document_;
  Findings& findings_;
};

void IdentityJudge::id() {
  if (spec_.longest_id == 0) return absent("id");
  if (!table_.has("id")) {
    return report(
        "BRD003", "id",
        fmt::format("the container '{}' needs the key 'id' in [trx.identity]", spec_.name));
  }
  std::string id = *table_.text("id");
  if (id.size() < spec_.shortest_id || id.size() > spec_.longest_id) {
    return report("BRD005", "id",
                  fmt::format("'id' has to have {} to {} characters for the container '{}'",
                              spec_.shortest_id, spec_.longest_id, spec_.name));
  }
  if (spec_.ids.empty() || has_word(spec_.ids, id)) return;
  report("BRD005", "id", fmt::format("'id' cannot be '{}'; known are {}", id, spec_.ids));
}

void IdentityJudge::version() {
  if (spec_.version_numbers == 0) return absent("version");
  if (!table_.has("version")) return;
  auto numbers = parse_version(*table_.text("version"));
  if (numbers && numbers->size() == spec_.version_numbers) return;
  report("BRD005", "version",
         fmt::format("'version' has to be {} numbers up to 255 with dots between them",
                     spec_.version_numbers));
}

void IdentityJudge::other_keys() {
  for (std::string_view key : {"region", "hardware", "serial", "flags"}) {
    if (!has_word(spec_.other_keys, key)) absent(key);
  }
}

}  // namespace

std::string_view name_of(ContainerKind kind) {
  return spec_of(kind).name;
}

ContainerKind container_of(std::string_view word) {
  auto spec = std::ranges::find(kContainers, word, &ContainerSpec::name);
  return spec == kContainers.end() ? ContainerKind::none : spec->kind;
}

ContainerIdentity read_identity(const CheckedTable& table) {
  ContainerIdentity identity;
  auto byte = [&](std::string_view key, std::uint8_t usual) {
    return static_cast<std::uint8_t>(*table.number(key, usual));  // ranges: keys.cc
  };
  identity.id = *table.text("id");
  if (table.has("version")) {
    identity.version = parse_version(*table.text("version")).value_or(identity.version);
  }
  identity.region = byte("region", identity.region);
  identity.hardware = byte("hardware", identity.hardware);
  identity.serial = byte("serial", identity.serial);
  identity.flags = static_cast<std::uint16_t>(*table.number("flags", identity.flags));
  return identity;
}

void judge_container(const Board& board, const CheckedTables& tables, const TomlDocument& document,
                     Findings& findings) {
  ContainerKind kind = board.trx.container;
  if (board.trx.version == 2) {
    // Part 4 holds a CyberTAN header, with or without another one around the whole.
    if (kind != ContainerKind::none && kind != ContainerKind::cybertan) {
      return document.report(
          findings, "BRD018", tables.table("trx").position_of("container"),
          fmt::format("version 2 holds a CyberTAN header; the container cannot be '{}'",
                      name_of(kind)));
    }
    kind = ContainerKind::cybertan;
  }
  IdentityJudge judge(spec_of(kind), tables, document, findings);
  judge.id();
  judge.version();
  judge.other_keys();
}

}  // namespace trxkit::board
