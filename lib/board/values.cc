// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/board/values.h"

#include <algorithm>
#include <tuple>

#include "lib/core/units.h"

namespace trxkit::board {
namespace {

// "flash.partition[1]" is an element of "flash.partition".
std::string_view table_name(std::string_view path) {
  return path.substr(0, path.find('['));
}

Json raw(const CheckedValue& checked) {
  const TomlValue& value = *checked.value;
  switch (value.kind) {
    case TomlValue::Kind::integer:
      return value.integer;
    case TomlValue::Kind::boolean:
      return value.boolean;
    case TomlValue::Kind::array: {
      Json list = Json::array();
      for (const TomlValue& element : value.elements) list.push(element.text);
      return list;
    }
    case TomlValue::Kind::text:
    case TomlValue::Kind::table:
    case TomlValue::Kind::other:
      break;
  }
  return value.text;
}

std::string shown(const CheckedValue& checked) {
  const TomlValue& value = *checked.value;
  auto number = static_cast<std::uint64_t>(value.integer);
  switch (checked.spec->type) {
    case ValueType::size:
      return fmt::format("{:#x} ({})", number, human_size(number));
    case ValueType::address:
      return fmt::format("{:#010x}", number);
    case ValueType::number:
      return fmt::format("{}", number);
    case ValueType::flag:
      return value.boolean ? "yes" : "no";
    case ValueType::texts: {
      std::string list;
      for (const TomlValue& element : value.elements) {
        if (!list.empty()) list += ", ";
        list += element.text;
      }
      return list;
    }
    case ValueType::text:
    case ValueType::name:
    case ValueType::ipv4:
    case ValueType::word:
      break;
  }
  return value.text;
}

}  // namespace

const CheckedValue* CheckedTable::find(std::string_view key) const {
  auto value = std::ranges::find(values_, key, [](const CheckedValue& v) { return v.spec->key; });
  return value == values_.end() ? nullptr : &*value;
}

Position CheckedTable::position_of(std::string_view key) const {
  const CheckedValue* found = find(key);
  return found == nullptr ? position_ : found->value->position;
}

Fact<std::uint64_t> CheckedTable::number(std::string_view key, std::uint64_t otherwise) const {
  const CheckedValue* found = find(key);
  if (found == nullptr) return {.value = otherwise};
  return {static_cast<std::uint64_t>(found->value->integer), found->confidence, found->source,
          found->value->position.line};
}

Fact<std::string> CheckedTable::text(std::string_view key, std::string otherwise) const {
  const CheckedValue* found = find(key);
  if (found == nullptr) return {.value = std::move(otherwise)};
  return {found->value->text, found->confidence, found->source, found->value->position.line};
}

bool CheckedTable::flag(std::string_view key, bool otherwise) const {
  const CheckedValue* found = find(key);
  return found == nullptr ? otherwise : found->value->boolean;
}

std::vector<std::string> CheckedTable::texts(std::string_view key) const {
  std::vector<std::string> result;
  const CheckedValue* found = find(key);
  if (found == nullptr) return result;
  for (const TomlValue& element : found->value->elements) result.push_back(element.text);
  return result;
}

const CheckedTable& CheckedTables::table(std::string_view name) const {
  static const CheckedTable kAbsent({}, {});
  auto found = std::ranges::find(list, name, &CheckedTable::path);
  return found == list.end() ? kAbsent : *found;
}

std::vector<const CheckedTable*> CheckedTables::all(std::string_view name) const {
  std::vector<const CheckedTable*> result;
  for (const CheckedTable& table : list) {
    if (table_name(table.path()) == name) result.push_back(&table);
  }
  return result;
}

std::vector<FactText> list_facts(const CheckedTables& tables) {
  std::vector<FactText> facts;
  for (const CheckedTable& table : tables.list) {
    for (const CheckedValue& value : table.values()) {
      facts.push_back({fmt::format("{}.{}", table.path(), value.spec->key), raw(value),
                       shown(value), value.confidence, value.source, value.value->position.line,
                       value.value->position.column});
    }
  }
  std::ranges::sort(facts, {}, [](const FactText& fact) { return std::tie(fact.line, fact.key); });
  return facts;
}

}  // namespace trxkit::board
