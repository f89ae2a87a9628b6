// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Which tables and keys a board file has, of which type and range: one table, from which the reader
// checks files, `trxtool boards` lists facts, and a test keeps boards/board.schema.json in step.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace trxkit::board {

enum class ValueType : std::uint8_t {
  text,
  name,     ///< lower-case letters, digits, '-', '_' and '.'
  ipv4,     ///< "192.168.2.1"
  size,     ///< bytes
  address,  ///< an address or a magic number: shown in hexadecimal
  number,
  flag,
  word,   ///< one of `words`
  texts,  ///< a list of names
};

/// A word that people will try, and why it cannot be.
struct RefusedWord {
  std::string_view word = {};
  std::string_view reason = {};
};

struct KeySpec {
  std::string_view key;
  ValueType type = ValueType::text;
  bool required = false;
  std::uint64_t minimum = 0;
  std::uint64_t maximum = 0;
  std::string_view words = {};  ///< separated by single spaces
  RefusedWord refused = {};
};

struct TableSpec {
  std::string_view name;  ///< "flash", "flash.partition"
  bool required = false;
  bool repeated = false;  ///< an array of tables, [[name]]
  std::span<const KeySpec> keys = {};
};

/// All tables of a board file.
std::span<const TableSpec> table_specs();

/// The specification of table `name`, or null.
const TableSpec* find_table(std::string_view name);

}  // namespace trxkit::board
