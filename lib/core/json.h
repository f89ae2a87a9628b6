// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// JSON values: built by hand, printed in the order in which keys were set (so that the same result
// is the same text), and read back. The parsing and printing library stays inside json.cc.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "lib/core/result.h"

namespace trxkit {

class Json {
 public:
  using Array = std::vector<Json>;
  using Object = std::vector<std::pair<std::string, Json>>;

  Json() = default;
  Json(bool value) : value_(value) {}                            // NOLINT
  Json(std::uint64_t value) : value_(value) {}                   // NOLINT
  Json(std::uint32_t value) : value_(std::uint64_t{value}) {}    // NOLINT
  Json(int value) : value_(static_cast<std::int64_t>(value)) {}  // NOLINT
  Json(std::int64_t value) : value_(value) {}                    // NOLINT
  Json(std::string value) : value_(std::move(value)) {}          // NOLINT
  Json(std::string_view value) : value_(std::string(value)) {}   // NOLINT
  Json(const char* value) : value_(std::string(value)) {}        // NOLINT
  Json(Array value) : value_(std::move(value)) {}                // NOLINT

  static Json object(std::initializer_list<std::pair<std::string, Json>> members = {});
  static Json array() { return Json(Array{}); }

  /// Sets a member (replacing one of that name); a null value becomes an object first.
  Json& set(std::string key, Json value);
  /// Adds an element; a null value becomes an array first.
  Json& push(Json value);

  /// The member `key`, or nothing where this is no object or has none.
  const Json* find(std::string_view key) const;
  const std::string* text() const { return std::get_if<std::string>(&value_); }
  const Array* elements() const { return std::get_if<Array>(&value_); }
  const Object* members() const { return std::get_if<Object>(&value_); }
  /// The number, or nothing where this is none or a negative one.
  const std::uint64_t* number() const { return std::get_if<std::uint64_t>(&value_); }
  const bool* boolean() const { return std::get_if<bool>(&value_); }

  /// Two-space indentation and a newline at the end; invalid UTF-8 is replaced.
  std::string print() const;
  /// Errors: Code::bad_input with the line and column in `file`.
  static Result<Json> parse(std::string_view text, const std::string& file);

 private:
  friend struct JsonConversion;
  std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string, Array,
               Object>
      value_;
};

}  // namespace trxkit
