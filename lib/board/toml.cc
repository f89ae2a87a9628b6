// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The one file that sees toml++: its tree becomes ours, its exceptions become errors.
#include "lib/board/toml.h"

#include <algorithm>
#include <utility>

#include <toml++/toml.h>

namespace trxkit::board {
namespace {

// toml++ builds and frees its tree recursively, one level a dot of a dotted key: these bounds keep
// a hostile file from exhausting the stack.
constexpr std::size_t kLongestText = 32 << 10;
constexpr std::size_t kLongestLine = 500;
constexpr int kDeepest = 8;

Position position_of(const toml::source_region& region) {
  return {.line = region.begin.line, .column = region.begin.column};
}

std::string_view line_of(std::string_view text, std::uint32_t line) {
  for (; line > 1; --line) {
    std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  text = text.substr(0, text.find('\n'));
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

Result<TomlValue> convert(const toml::node& node, const TomlDocument& document, int depth);

Result<TomlValue> convert_table(const toml::table& table, const TomlDocument& document, int depth) {
  TomlValue result;
  result.kind = TomlValue::Kind::table;
  result.position = position_of(table.source());
  for (const auto& [key, child] : table) {
    TomlMember member{.key = std::string(key.str()), .position = position_of(key.source())};
    member.value = TRY(convert(child, document, depth + 1));
    result.members.push_back(std::move(member));
  }
  std::ranges::sort(result.members, {}, [](const TomlMember& member) {
    return std::pair(member.position.line, member.position.column);
  });
  return result;
}

Result<TomlValue> convert(const toml::node& node, const TomlDocument& document, int depth) {
  Position position = position_of(node.source());
  if (depth > kDeepest) {
    return std::unexpected(document.error("BRD001", position, "tables are nested too deeply"));
  }
  if (const toml::table* table = node.as_table()) return convert_table(*table, document, depth);
  TomlValue result;
  result.position = position;
  if (const toml::array* array = node.as_array()) {
    result.kind = TomlValue::Kind::array;
    for (const toml::node& element : *array) {
      result.elements.push_back(TRY(convert(element, document, depth + 1)));
    }
  } else if (const auto* text = node.as_string()) {
    result.kind = TomlValue::Kind::text;
    result.text = text->get();
  } else if (const auto* integer = node.as_integer()) {
    result.kind = TomlValue::Kind::integer;
    result.integer = integer->get();
  } else if (const auto* boolean = node.as_boolean()) {
    result.kind = TomlValue::Kind::boolean;
    result.boolean = boolean->get();
  }
  return result;
}

Status check_bounds(const TomlDocument& document) {
  if (document.text.size() > kLongestText) {
    return std::unexpected(document.error(
        "BRD001", {},
        fmt::format("{} bytes are too many for a board file: at most {} are expected",
                    document.text.size(), kLongestText)));
  }
  std::uint32_t line = 1;
  std::size_t start = 0;
  while (start < document.text.size()) {
    std::size_t end = std::min(document.text.find('\n', start), document.text.size());
    if (end - start > kLongestLine) {
      Position position{.line = line, .column = kLongestLine + 1};
      Error error = document.error("BRD001", position, "the line is too long");
      error.source_line.clear();
      return std::unexpected(std::move(error));
    }
    start = end + 1;
    ++line;
  }
  return {};
}

}  // namespace

const TomlMember* TomlValue::find(std::string_view key) const {
  auto member = std::ranges::find(members, key, &TomlMember::key);
  return member == members.end() ? nullptr : &*member;
}

std::string_view name_of(TomlValue::Kind kind) {
  switch (kind) {
    case TomlValue::Kind::text:
      return "a string";
    case TomlValue::Kind::integer:
      return "an integer";
    case TomlValue::Kind::boolean:
      return "a boolean";
    case TomlValue::Kind::array:
      return "an array";
    case TomlValue::Kind::table:
      return "a table";
    case TomlValue::Kind::other:
      break;
  }
  return "a float or a time";
}

Error TomlDocument::error(FindingId id, Position position, std::string what,
                          std::string hint) const {
  Findings findings;
  report(findings, id, position, std::move(what), std::move(hint));
  return as_error(findings, Code::bad_input);
}

void TomlDocument::report(Findings& findings, FindingId id, Position position, std::string what,
                          std::string hint) const {
  Where where{.file = file, .offset = {}, .line = position.line, .column = position.column};
  findings.add(id, std::move(where), std::move(what), std::move(hint)).source_line =
      line_of(text, position.line);
}

Result<TomlDocument> parse_toml(std::string_view text, const std::string& file) {
  TomlDocument document{.file = file, .text = std::string(text), .root = {}};
  TRY(check_bounds(document));
  try {
    toml::table table = toml::parse(document.text);
    document.root = TRY(convert_table(table, document, 0));
  } catch (const toml::parse_error& fault) {
    return std::unexpected(document.error("BRD001", position_of(fault.source()),
                                          fmt::format("not valid TOML: {}", fault.description())));
  }
  return document;
}

}  // namespace trxkit::board
