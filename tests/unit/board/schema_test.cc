// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// boards/board.schema.json, which editors read, against the table of keys that the loader reads:
// same tables, same keys, same required ones, same ranges and words.
#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "lib/board/keys.h"
#include "lib/core/json.h"
#include "lib/system/file.h"

#include "tests/unit/scratch.h"

namespace trxkit::board {
namespace {

using Names = std::set<std::string>;

Names names_of(const Json* object) {
  Names names;
  for (const auto& [name, value] : *object->members()) names.insert(name);
  return names;
}

Names texts_of(const Json* array) {
  Names texts;
  for (const Json& element : *array->elements()) texts.insert(*element.text());
  return texts;
}

// The table itself where it is an array of tables.
const Json* table_of(const Json* node) {
  const Json* items = node->find("items");
  return items == nullptr ? node : items;
}

const Json* schema_of(const Json& schema, std::string_view path) {
  const Json* node = &schema;
  while (!path.empty()) {
    std::string_view step = path.substr(0, path.find('.'));
    path.remove_prefix(std::min(step.size() + 1, path.size()));
    const Json* properties = node->find("properties");
    node = properties == nullptr ? nullptr : properties->find(step);
    if (node == nullptr) return nullptr;
    node = table_of(node);
  }
  return node;
}

// Names of the tables directly inside `path` ("" is the file).
Names tables_in(std::string_view path, bool only_required) {
  std::string prefix = path.empty() ? "" : std::string(path) + ".";
  Names names;
  for (const TableSpec& table : table_specs()) {
    if (!table.name.starts_with(prefix)) continue;
    std::string rest(table.name.substr(prefix.size()));
    if (!rest.contains('.') && (table.required || !only_required)) names.insert(rest);
  }
  return names;
}

class Schema : public test::Scratch {
 protected:
  Schema() {
    std::string path = test::source_directory() + "/boards/board.schema.json";
    schema = *Json::parse(*read_text_file(path, env), path);
  }
  Json schema;
};

TEST_F(Schema, HasTheTablesOfTheLoader) {
  EXPECT_EQ(names_of(schema.find("properties")), tables_in("", false));
  EXPECT_EQ(texts_of(schema.find("required")), tables_in("", true));
}

TEST_F(Schema, HasTheKeysOfTheLoader) {
  for (const TableSpec& table : table_specs()) {
    SCOPED_TRACE(table.name);
    const Json* node = schema_of(schema, table.name);
    ASSERT_NE(node, nullptr);
    EXPECT_FALSE(*node->find("additionalProperties")->boolean());
    Names keys = tables_in(table.name, false);
    Names required = tables_in(table.name, true);
    for (const KeySpec& key : table.keys) {
      keys.emplace(key.key);
      if (key.required) required.emplace(key.key);
    }
    EXPECT_EQ(names_of(node->find("properties")), keys);
    EXPECT_EQ(texts_of(node->find("required")), required);
  }
}

TEST_F(Schema, HasTheRangesAndWordsOfTheLoader) {
  for (const TableSpec& table : table_specs()) {
    for (const KeySpec& key : table.keys) {
      SCOPED_TRACE(std::string(table.name) + "." + std::string(key.key));
      const Json* node = schema_of(schema, table.name)->find("properties")->find(key.key);
      const Json* forms = node->find("anyOf");
      if (forms == nullptr) continue;  // text, names, flags: defined once for all
      const Json& plain = forms->elements()->front();
      if (key.type == ValueType::word) {
        std::string words;
        for (const Json& word : *plain.find("enum")->elements()) {
          words += (words.empty() ? "" : " ") + *word.text();
        }
        EXPECT_EQ(words, key.words);
      } else {
        EXPECT_EQ(*plain.find("minimum")->number(), key.minimum);
        EXPECT_EQ(*plain.find("maximum")->number(), key.maximum);
      }
    }
  }
}

}  // namespace
}  // namespace trxkit::board
