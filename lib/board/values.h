// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// A board file as checked values: every table and key is known, required ones are there, types and
// ranges are right. What the values mean together is board.cc's and checks.cc's business.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/board/board.h"
#include "lib/board/keys.h"
#include "lib/board/toml.h"
#include "lib/core/finding.h"

namespace trxkit::board {

/// One checked value, unpacked from `{ value = ..., confidence = ..., source = ... }`.
struct CheckedValue {
  const KeySpec* spec = nullptr;
  const TomlValue* value = nullptr;  ///< into the document
  Confidence confidence = Confidence::source;
  std::string source = {};
};

/// One checked table: an element of the array where the table is repeated.
class CheckedTable {
 public:
  CheckedTable(std::string path, Position position) : path_(std::move(path)), position_(position) {}

  const std::string& path() const { return path_; }  ///< "flash", "flash.partition[1]"
  Position position() const { return position_; }
  Position position_of(std::string_view key) const;
  const std::vector<CheckedValue>& values() const { return values_; }
  void add(CheckedValue value) { values_.push_back(std::move(value)); }

  bool has(std::string_view key) const { return find(key) != nullptr; }
  /// The value of `key`, or `otherwise` where it is absent.
  Fact<std::uint64_t> number(std::string_view key, std::uint64_t otherwise = 0) const;
  Fact<std::string> text(std::string_view key, std::string otherwise = {}) const;
  bool flag(std::string_view key, bool otherwise = false) const;
  std::vector<std::string> texts(std::string_view key) const;

 private:
  const CheckedValue* find(std::string_view key) const;

  std::string path_;
  Position position_;
  std::vector<CheckedValue> values_;
};

/// All tables of a document, in file order. The document must outlive them.
struct CheckedTables {
  std::vector<CheckedTable> list;

  /// The only table `name`; an empty one where it is absent.
  const CheckedTable& table(std::string_view name) const;
  /// The elements of the array of tables `name`.
  std::vector<const CheckedTable*> all(std::string_view name) const;
};

/// Checks `document` against table_specs() and reports what is wrong (BRD002 to BRD005, BRD009,
/// BRD011). Only where nothing is wrong does every table hold its required keys.
CheckedTables check_values(const TomlDocument& document, Findings& findings);

/// Every value for people, in file order.
std::vector<FactText> list_facts(const CheckedTables& tables);

}  // namespace trxkit::board
