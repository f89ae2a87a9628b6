// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// TOML as a tree of plain values that know their line and column, so that a complaint about a value
// can point at it. Knows nothing of boards. The parsing library stays inside toml.cc.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/core/finding.h"
#include "lib/core/result.h"

namespace trxkit::board {

/// Line and column in a file, both from 1; the column counts characters.
struct Position {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

struct TomlMember;

struct TomlValue {
  enum class Kind : std::uint8_t { text, integer, boolean, array, table, other };

  Kind kind = Kind::other;  ///< other: floats, dates and times, which no board file needs
  Position position;
  std::string text;
  std::int64_t integer = 0;
  bool boolean = false;
  std::vector<TomlValue> elements;
  std::vector<TomlMember> members;  ///< in file order

  /// The member `key` of a table, or null.
  const TomlMember* find(std::string_view key) const;
};

struct TomlMember {
  std::string key;
  Position position;  ///< of the key
  TomlValue value = {};
};

/// "a string", "a table": for messages.
std::string_view name_of(TomlValue::Kind kind);

struct TomlDocument {
  std::string file;
  std::string text;
  TomlValue root;

  /// A failure at `position`, with its source line.
  Error error(FindingId id, Position position, std::string what, std::string hint = {}) const;
  /// The same as a finding.
  void report(Findings& findings, FindingId id, Position position, std::string what,
              std::string hint = {}) const;
};

/// Parses `text`; `file` is for messages. Errors: Code::bad_input (BRD001) with the place: text
/// that is no TOML, lines over 500 bytes, a text over 32 KiB or tables nested deeper than 8.
Result<TomlDocument> parse_toml(std::string_view text, const std::string& file);

}  // namespace trxkit::board
