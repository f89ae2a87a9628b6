// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// A TOML tree against the table of known keys. Reports every fault and what to write instead; does
// not look at two values together.
#include <algorithm>
#include <array>

#include "lib/board/value_rules.h"
#include "lib/board/values.h"
#include "lib/core/nearest.h"

namespace trxkit::board {
namespace {

using Kind = TomlValue::Kind;

constexpr std::array<std::string_view, 3> kOriginKeys{"value", "confidence", "source"};
constexpr std::array<Confidence, 4> kConfidences{Confidence::log, Confidence::source,
                                                 Confidence::inferred, Confidence::guess};

class Checker {
 public:
  Checker(const TomlDocument& document, Findings& findings)
      : document_(document), findings_(findings) {}

  CheckedTables run();

 private:
  void report(const Fault& fault) {
    document_.report(findings_, fault.id, fault.position, fault.what, fault.hint);
  }
  void check_table(const TableSpec& spec, const TomlValue& table, const std::string& path);
  void check_nested(const TableSpec& spec, const TomlMember& member);
  void check_key(const TableSpec& spec, const TomlMember& member, CheckedTable& table);
  /// Without a value where there is none; reports that.
  CheckedValue unpack(const KeySpec& spec, const TomlMember& member);
  void read_origin(const KeySpec& spec, const TomlValue& origin, CheckedValue& result);
  /// `written` is what `table` was made from.
  void require_keys(const TableSpec& spec, const TomlValue& written, const CheckedTable& table);
  void require_tables();

  const TomlDocument& document_;
  Findings& findings_;
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

// Whether `name` stands in `written`, or something that is no name there and was meant to be it:
// one mistake is one finding.
bool is_meant(std::string_view name, const TomlValue& written,
              const std::vector<std::string>& known) {
  return std::ranges::any_of(written.members, [&](const TomlMember& member) {
    if (member.key == name) return true;
    bool unknown = std::ranges::find(known, member.key) == known.end();
    return unknown && nearest(member.key, known) == name;
  });
}

CheckedTables Checker::run() {
  for (const TomlMember& member : document_.root.members) {
    // A quoted key may contain a dot, but is no path.
    bool path = member.key.contains('.');
    const TableSpec* spec = path ? nullptr : find_table(member.key);
    if (spec == nullptr) {
      report({"BRD002", member.position, fmt::format("unknown table '{}'", member.key),
              did_you_mean(member.key, names_in(""))});
    } else {
      check_nested(*spec, member);
    }
  }
  require_tables();
  return std::move(tables_);
}

void Checker::require_tables() {
  for (const TableSpec& spec : table_specs()) {
    if (!spec.required) continue;
    std::size_t dot = spec.name.find('.');
    bool inner = dot != std::string_view::npos;
    std::string_view outer = inner ? spec.name.substr(0, dot) : "";
    const TomlMember* parent = document_.root.find(outer);
    if (inner && (parent == nullptr || parent->value.kind != Kind::table))
      continue;  // said already
    const TomlValue& written = inner ? parent->value : document_.root;
    if (is_meant(spec.name.substr(inner ? dot + 1 : 0), written, names_in(outer))) continue;
    report({"BRD003", inner ? written.position : Position{.line = 1, .column = 1},
            fmt::format("the table {}{}{} is missing", spec.repeated ? "[[" : "[", spec.name,
                        spec.repeated ? "]]" : "]")});
  }
}

void Checker::check_nested(const TableSpec& spec, const TomlMember& member) {
  const TomlValue& value = member.value;
  if (!spec.repeated) {
    if (value.kind == Kind::table) return check_table(spec, value, std::string(spec.name));
    return report({"BRD004", value.position,
                   fmt::format("'{}' has to be a table, not {}", spec.name, name_of(value.kind))});
  }
  bool tables = value.kind == Kind::array && !value.elements.empty() &&
                std::ranges::all_of(value.elements, [](const TomlValue& element) {
                  return element.kind == Kind::table;
                });
  if (!tables) {
    return report({"BRD004", value.position,
                   fmt::format("'{}' has to be an array of tables", spec.name),
                   fmt::format("write each as [[{}]]", spec.name)});
  }
  for (std::size_t i = 0; i < value.elements.size(); ++i) {
    check_table(spec, value.elements[i], fmt::format("{}[{}]", spec.name, i + 1));
  }
}

void Checker::check_table(const TableSpec& spec, const TomlValue& table, const std::string& path) {
  CheckedTable checked(path, table.position);
  std::vector<std::pair<const TableSpec*, const TomlMember*>> nested;
  for (const TomlMember& member : table.members) {
    const TableSpec* inner = find_table(fmt::format("{}.{}", spec.name, member.key));
    if (inner != nullptr) {
      nested.emplace_back(inner, &member);
    } else {
      check_key(spec, member, checked);
    }
  }
  require_keys(spec, table, checked);
  tables_.list.push_back(std::move(checked));
  for (const auto& [inner, member] : nested) check_nested(*inner, *member);
}

void Checker::check_key(const TableSpec& spec, const TomlMember& member, CheckedTable& table) {
  auto key = std::ranges::find(spec.keys, member.key, &KeySpec::key);
  if (key == spec.keys.end()) {
    return report({"BRD002", member.position,
                   fmt::format("unknown key '{}' in [{}]", member.key, table.path()),
                   did_you_mean(member.key, names_in(spec.name))});
  }
  CheckedValue value = unpack(*key, member);
  if (value.value == nullptr) return;
  if (auto fault = find_fault(*key, *value.value)) return report(*fault);
  table.add(std::move(value));
}

void Checker::require_keys(const TableSpec& spec, const TomlValue& written,
                           const CheckedTable& table) {
  for (const KeySpec& key : spec.keys) {
    if (!key.required || is_meant(key.key, written, names_in(spec.name))) continue;
    report({"BRD003", table.position(),
            fmt::format("the key '{}' is missing in [{}]", key.key, table.path())});
  }
}

CheckedValue Checker::unpack(const KeySpec& spec, const TomlMember& member) {
  CheckedValue result{.spec = &spec, .value = &member.value};
  if (member.value.kind != Kind::table) return result;
  for (const TomlMember& part : member.value.members) {
    if (std::ranges::find(kOriginKeys, part.key) != kOriginKeys.end()) continue;
    report(
        {"BRD002", part.position, fmt::format("unknown key '{}' in '{}'", part.key, spec.key),
         did_you_mean(part.key, std::vector<std::string>(kOriginKeys.begin(), kOriginKeys.end()))});
  }
  read_origin(spec, member.value, result);
  return result;
}

void Checker::read_origin(const KeySpec& spec, const TomlValue& origin, CheckedValue& result) {
  const TomlMember* value = origin.find("value");
  result.value = value == nullptr ? nullptr : &value->value;
  if (value == nullptr) {
    report({"BRD003", origin.position, fmt::format("'{}' has no 'value'", spec.key)});
  }
  constexpr KeySpec kConfidence{
      "confidence", ValueType::word, false, 0, 0, "log source inferred guess"};
  if (const TomlMember* word = origin.find("confidence")) {
    auto known = [&](Confidence c) { return name_of(c) == word->value.text; };
    if (auto fault = find_fault(kConfidence, word->value)) {
      report(*fault);
    } else {
      result.confidence = *std::ranges::find_if(kConfidences, known);
    }
  }
  if (const TomlMember* source = origin.find("source")) {
    if (auto fault = find_fault(KeySpec{"source", ValueType::text}, source->value)) report(*fault);
    result.source = source->value.text;
  }
}

}  // namespace

CheckedTables check_values(const TomlDocument& document, Findings& findings) {
  return Checker(document, findings).run();
}

}  // namespace trxkit::board
