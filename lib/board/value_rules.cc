// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/board/value_rules.h"

#include <algorithm>
#include <ranges>

#include "lib/core/field_text.h"
#include "lib/core/nearest.h"

namespace trxkit::board {
namespace {

using Kind = TomlValue::Kind;

std::vector<std::string> split(std::string_view words) {
  std::vector<std::string> result;
  for (auto word : std::views::split(words, ' ')) result.emplace_back(word.begin(), word.end());
  return result;
}

bool is_name(std::string_view text) {
  auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
  };
  return !text.empty() && text.size() <= 64 && text.front() != '.' && text.front() != '-' &&
         std::ranges::all_of(text, allowed);
}

// One line for terminals and for the kernel: no control characters.
bool is_printable(std::string_view text) {
  return std::ranges::all_of(
      text, [](char c) { return static_cast<unsigned char>(c) >= ' ' && c != '\x7f'; });
}

Kind kind_of(ValueType type) {
  switch (type) {
    case ValueType::size:
    case ValueType::address:
    case ValueType::number:
      return Kind::integer;
    case ValueType::flag:
      return Kind::boolean;
    case ValueType::texts:
      return Kind::array;
    case ValueType::text:
    case ValueType::name:
    case ValueType::ipv4:
    case ValueType::word:
      break;
  }
  return Kind::text;
}

std::optional<Fault> fault_of_number(const KeySpec& spec, const TomlValue& value) {
  auto number = static_cast<std::uint64_t>(value.integer);
  if (value.integer >= 0 && number >= spec.minimum && number <= spec.maximum) return {};
  std::string range = spec.type == ValueType::number
                          ? fmt::format("{} to {}", spec.minimum, spec.maximum)
                          : fmt::format("{:#x} to {:#x}", spec.minimum, spec.maximum);
  return Fault{"BRD005", value.position, fmt::format("'{}' has to be {}", spec.key, range)};
}

std::optional<Fault> fault_of_word(const KeySpec& spec, const TomlValue& value) {
  std::vector<std::string> words = split(spec.words);
  if (std::ranges::find(words, value.text) != words.end()) return {};
  std::string what = fmt::format("'{}' cannot be '{}'", spec.key, value.text);
  if (!spec.refused.word.empty() && value.text.starts_with(spec.refused.word)) {
    return Fault{"BRD011", value.position, fmt::format("{}: {}", what, spec.refused.reason)};
  }
  return Fault{"BRD005", value.position, std::move(what), did_you_mean(value.text, words)};
}

std::optional<Fault> fault_of_text(const KeySpec& spec, const TomlValue& value) {
  if (spec.type == ValueType::word) return fault_of_word(spec, value);
  if (spec.type == ValueType::name && !is_name(value.text)) {
    return Fault{"BRD005", value.position, fmt::format("'{}' is no name", spec.key),
                 "use lower-case letters, digits, '-', '_' and '.'"};
  }
  if (spec.type == ValueType::ipv4 && !ipv4_address(value.text)) {
    return Fault{"BRD005", value.position, fmt::format("'{}' is no IPv4 address", spec.key)};
  }
  if (value.text.empty() || !is_printable(value.text)) {
    return Fault{"BRD005", value.position,
                 fmt::format("'{}' has to be one line of text", spec.key)};
  }
  return {};
}

std::optional<Fault> fault_of_texts(const TomlValue& value) {
  constexpr KeySpec kElement{"an element of the list", ValueType::name};
  for (auto element = value.elements.begin(); element != value.elements.end(); ++element) {
    if (auto fault = find_fault(kElement, *element)) return fault;
    auto first = std::ranges::find(value.elements, element->text, &TomlValue::text);
    if (first == element) continue;
    return Fault{"BRD009", element->position,
                 fmt::format("'{}' is in the list already", element->text)};
  }
  return {};
}

}  // namespace

std::string did_you_mean(std::string_view word, const std::vector<std::string>& known) {
  std::string meant = nearest(word, known);
  if (!meant.empty()) return fmt::format("did you mean '{}'?", meant);
  return fmt::format("known here: {}", fmt::join(known, ", "));
}

std::optional<Fault> find_fault(const KeySpec& spec, const TomlValue& value) {
  Kind kind = kind_of(spec.type);
  if (value.kind != kind) {
    return Fault{
        "BRD004", value.position,
        fmt::format("'{}' has to be {}, not {}", spec.key, name_of(kind), name_of(value.kind))};
  }
  if (kind == Kind::integer) return fault_of_number(spec, value);
  if (kind == Kind::text) return fault_of_text(spec, value);
  if (kind == Kind::array) return fault_of_texts(value);
  return {};
}

}  // namespace trxkit::board
