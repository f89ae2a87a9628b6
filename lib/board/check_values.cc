// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// A TOML tree against the table of known keys. Reports the first fault and what to write instead;
// does not look at two values together.
#include <algorithm>
#include <array>
#include <charconv>
#include <ranges>

#include "lib/board/values.h"
#include "lib/core/nearest.h"

namespace trxkit::board {
namespace {

using Kind = TomlValue::Kind;

constexpr std::array<std::string_view, 3> kOriginKeys{"value", "confidence", "source"};
constexpr std::array<Confidence, 4> kConfidences{Confidence::log, Confidence::source,
                                                 Confidence::inferred, Confidence::guess};

std::vector<std::string> split(std::string_view words) {
  std::vector<std::string> result;
  for (auto word : std::views::split(words, ' ')) result.emplace_back(word.begin(), word.end());
  return result;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& known) {
  std::string meant = nearest(word, known);
  if (!meant.empty()) return fmt::format("did you mean '{}'?", meant);
  return fmt::format("known here: {}", fmt::join(known, ", "));
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

bool is_ipv4(std::string_view text) {
  int count = 0;
  for (auto part : std::views::split(text, '.')) {
    std::string_view digits(part.begin(), part.end());
    unsigned value = 0;
    auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    bool number = fault == std::errc{} && end == digits.data() + digits.size() && value <= 255;
    if (!number || (digits.size() > 1 && digits.front() == '0')) return false;
    ++count;
  }
  return count == 4;
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

class Checker {
 public:
  explicit Checker(const TomlDocument& document) : document_(document) {}

  Result<CheckedTables> run();

 private:
  std::unexpected<Error> fault(FindingId id, Position position, std::string what,
                               std::string hint = {}) const {
    return std::unexpected(document_.error(id, position, std::move(what), std::move(hint)));
  }
  Status check_table(const TableSpec& spec, const TomlValue& table, std::string path);
  Status check_nested(const TableSpec& spec, const TomlMember& member);
  Status check_key(const std::string& path, const TableSpec& spec, const TomlMember& member,
                   CheckedTable& table);
  Result<CheckedValue> unpack(const KeySpec& spec, const TomlMember& member) const;
  Status check_value(const KeySpec& spec, const TomlValue& value) const;
  Status check_number(const KeySpec& spec, const TomlValue& value) const;
  Status check_text(const KeySpec& spec, const TomlValue& value) const;
  Status check_texts(const TomlValue& value) const;
  Status require_keys(const TableSpec& spec, const CheckedTable& table) const;

  const TomlDocument& document_;
  CheckedTables tables_;
};

// Keys and nested tables that may stand in table `name` ("" is the file itself).
std::vector<std::string> names_in(std::string_view name) {
  std::vector<std::string> names;
  if (const TableSpec* table = find_table(name)) {
    for (const KeySpec& key : table->keys) names.emplace_back(key.key);
  }
  std::string prefix = name.empty() ? "" : fmt::format("{}.", name);
  for (const TableSpec& table : table_specs()) {
    if (!table.name.starts_with(prefix)) continue;
    std::string_view rest = table.name.substr(prefix.size());
    if (!rest.contains('.')) names.emplace_back(rest);
  }
  return names;
}

Result<CheckedTables> Checker::run() {
  for (const TomlMember& member : document_.root.members) {
    // A quoted key may contain a dot, but is no path.
    bool path = member.key.contains('.');
    const TableSpec* spec = path ? nullptr : find_table(member.key);
    if (spec == nullptr) {
      return fault("BRD002", member.position, fmt::format("unknown table '{}'", member.key),
                   did_you_mean(member.key, names_in("")));
    }
    TRY(check_nested(*spec, member));
  }
  for (const TableSpec& spec : table_specs()) {
    if (!spec.required || !tables_.all(spec.name).empty()) continue;
    return fault("BRD003", {.line = 1, .column = 1},
                 fmt::format("the table {}{}{} is missing", spec.repeated ? "[[" : "[", spec.name,
                             spec.repeated ? "]]" : "]"));
  }
  return std::move(tables_);
}

Status Checker::check_nested(const TableSpec& spec, const TomlMember& member) {
  if (!spec.repeated) {
    if (member.value.kind != Kind::table) {
      return fault(
          "BRD004", member.value.position,
          fmt::format("'{}' has to be a table, not {}", spec.name, name_of(member.value.kind)));
    }
    return check_table(spec, member.value, std::string(spec.name));
  }
  bool tables = member.value.kind == Kind::array &&
                std::ranges::all_of(member.value.elements, [](const TomlValue& element) {
                  return element.kind == Kind::table;
                });
  if (!tables) {
    return fault("BRD004", member.value.position,
                 fmt::format("'{}' has to be an array of tables", spec.name),
                 fmt::format("write each as [[{}]]", spec.name));
  }
  for (std::size_t i = 0; i < member.value.elements.size(); ++i) {
    TRY(check_table(spec, member.value.elements[i], fmt::format("{}[{}]", spec.name, i + 1)));
  }
  return {};
}

Status Checker::check_table(const TableSpec& spec, const TomlValue& table, std::string path) {
  CheckedTable checked(path, table.position);
  std::vector<std::pair<const TableSpec*, const TomlMember*>> nested;
  for (const TomlMember& member : table.members) {
    const TableSpec* inner = find_table(fmt::format("{}.{}", spec.name, member.key));
    if (inner != nullptr) {
      nested.emplace_back(inner, &member);
    } else {
      TRY(check_key(path, spec, member, checked));
    }
  }
  TRY(require_keys(spec, checked));
  tables_.list.push_back(std::move(checked));
  for (const auto& [inner, member] : nested) TRY(check_nested(*inner, *member));
  return {};
}

Status Checker::check_key(const std::string& path, const TableSpec& spec, const TomlMember& member,
                          CheckedTable& table) {
  auto key = std::ranges::find(spec.keys, member.key, &KeySpec::key);
  if (key == spec.keys.end()) {
    return fault("BRD002", member.position,
                 fmt::format("unknown key '{}' in [{}]", member.key, path),
                 did_you_mean(member.key, names_in(spec.name)));
  }
  table.add(TRY(unpack(*key, member)));
  return {};
}

Status Checker::require_keys(const TableSpec& spec, const CheckedTable& table) const {
  for (const KeySpec& key : spec.keys) {
    if (!key.required || table.has(key.key)) continue;
    return fault("BRD003", table.position(),
                 fmt::format("the key '{}' is missing in [{}]", key.key, table.path()));
  }
  return {};
}

Result<CheckedValue> Checker::unpack(const KeySpec& spec, const TomlMember& member) const {
  CheckedValue result{.spec = &spec, .value = &member.value};
  if (member.value.kind == Kind::table) {
    for (const TomlMember& part : member.value.members) {
      if (std::ranges::find(kOriginKeys, part.key) != kOriginKeys.end()) continue;
      return fault(
          "BRD002", part.position, fmt::format("unknown key '{}' in '{}'", part.key, spec.key),
          did_you_mean(part.key, std::vector<std::string>(kOriginKeys.begin(), kOriginKeys.end())));
    }
    const TomlMember* value = member.value.find("value");
    if (value == nullptr) {
      return fault("BRD003", member.value.position, fmt::format("'{}' has no 'value'", spec.key));
    }
    result.value = &value->value;
    constexpr KeySpec kConfidence{
        "confidence", ValueType::word, false, 0, 0, "log source inferred guess"};
    if (const TomlMember* word = member.value.find("confidence")) {
      TRY(check_value(kConfidence, word->value));
      auto known = [&](Confidence c) { return name_of(c) == word->value.text; };
      result.confidence = *std::ranges::find_if(kConfidences, known);
    }
    if (const TomlMember* source = member.value.find("source")) {
      TRY(check_value(KeySpec{"source", ValueType::text}, source->value));
      result.source = source->value.text;
    }
  }
  TRY(check_value(spec, *result.value));
  return result;
}

Status Checker::check_value(const KeySpec& spec, const TomlValue& value) const {
  Kind kind = kind_of(spec.type);
  if (value.kind != kind) {
    return fault(
        "BRD004", value.position,
        fmt::format("'{}' has to be {}, not {}", spec.key, name_of(kind), name_of(value.kind)));
  }
  if (kind == Kind::integer) return check_number(spec, value);
  if (kind == Kind::text) return check_text(spec, value);
  if (kind == Kind::array) return check_texts(value);
  return {};
}

Status Checker::check_number(const KeySpec& spec, const TomlValue& value) const {
  auto number = static_cast<std::uint64_t>(value.integer);
  if (value.integer >= 0 && number >= spec.minimum && number <= spec.maximum) return {};
  std::string range = spec.type == ValueType::number
                          ? fmt::format("{} to {}", spec.minimum, spec.maximum)
                          : fmt::format("{:#x} to {:#x}", spec.minimum, spec.maximum);
  return fault("BRD005", value.position, fmt::format("'{}' has to be {}", spec.key, range));
}

Status Checker::check_text(const KeySpec& spec, const TomlValue& value) const {
  if (spec.type == ValueType::word) {
    std::vector<std::string> words = split(spec.words);
    if (std::ranges::find(words, value.text) != words.end()) return {};
    return fault("BRD005", value.position, fmt::format("'{}' cannot be '{}'", spec.key, value.text),
                 did_you_mean(value.text, words));
  }
  if (spec.type == ValueType::name && !is_name(value.text)) {
    return fault("BRD005", value.position, fmt::format("'{}' is no name", spec.key),
                 "use lower-case letters, digits, '-', '_' and '.'");
  }
  if (spec.type == ValueType::ipv4 && !is_ipv4(value.text)) {
    return fault("BRD005", value.position, fmt::format("'{}' is no IPv4 address", spec.key));
  }
  if (value.text.empty() || !is_printable(value.text)) {
    return fault("BRD005", value.position,
                 fmt::format("'{}' has to be one line of text", spec.key));
  }
  return {};
}

Status Checker::check_texts(const TomlValue& value) const {
  constexpr KeySpec kElement{"an element of the list", ValueType::name};
  for (auto element = value.elements.begin(); element != value.elements.end(); ++element) {
    TRY(check_value(kElement, *element));
    auto first = std::ranges::find(value.elements, element->text, &TomlValue::text);
    if (first == element) continue;
    return fault("BRD009", element->position,
                 fmt::format("'{}' is in the list already", element->text));
  }
  return {};
}

}  // namespace

Result<CheckedTables> check_values(const TomlDocument& document) {
  return Checker(document).run();
}

}  // namespace trxkit::board
