// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/core/json.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace trxkit {

struct JsonConversion {
  using Ordered = nlohmann::ordered_json;

  static Ordered to_library(const Json& json) {
    if (const auto* array = json.elements()) {
      Ordered result = Ordered::array();
      for (const Json& element : *array) result.push_back(to_library(element));
      return result;
    }
    if (const auto* object = json.members()) {
      Ordered result = Ordered::object();
      for (const auto& [key, value] : *object) result[key] = to_library(value);
      return result;
    }
    return std::visit([](const auto& value) { return scalar_of(value); }, json.value_);
  }

  template <typename T>
  static Ordered scalar_of(const T& value) {
    if constexpr (std::is_arithmetic_v<T> || std::is_same_v<T, std::string>) {
      return value;
    } else {
      return nullptr;  // the null value; arrays and objects were taken care of
    }
  }

  static Json from_library(const Ordered& source) {
    Json json;
    if (source.is_boolean()) json.value_ = source.get<bool>();
    if (source.is_number_float()) json.value_ = source.get<double>();
    if (source.is_number_integer()) json.value_ = source.get<std::int64_t>();
    if (source.is_number_unsigned()) json.value_ = source.get<std::uint64_t>();
    if (source.is_string()) json.value_ = source.get<std::string>();
    if (source.is_array()) {
      json.value_ = Json::Array{};
      for (const auto& element : source) json.push(from_library(element));
    }
    if (source.is_object()) {
      json.value_ = Json::Object{};
      for (const auto& [key, value] : source.items()) json.set(key, from_library(value));
    }
    return json;
  }
};

Json Json::object(std::initializer_list<std::pair<std::string, Json>> members) {
  Json json;
  json.value_ = Object(members);
  return json;
}

Json& Json::set(std::string key, Json value) {
  if (!std::holds_alternative<Object>(value_)) value_ = Object{};
  auto& members = std::get<Object>(value_);
  auto member = std::ranges::find(members, key, &Object::value_type::first);
  if (member != members.end()) {
    member->second = std::move(value);
  } else {
    members.emplace_back(std::move(key), std::move(value));
  }
  return *this;
}

Json& Json::push(Json value) {
  if (!std::holds_alternative<Array>(value_)) value_ = Array{};
  std::get<Array>(value_).push_back(std::move(value));
  return *this;
}

const Json* Json::find(std::string_view key) const {
  const Object* object = members();
  if (object == nullptr) return nullptr;
  auto member = std::ranges::find(*object, key, &Object::value_type::first);
  return member == object->end() ? nullptr : &member->second;
}

std::string Json::print() const {
  return JsonConversion::to_library(*this).dump(2, ' ', false,
                                                JsonConversion::Ordered::error_handler_t::replace) +
         "\n";
}

Result<Json> Json::parse(std::string_view text, const std::string& file) {
  try {
    return JsonConversion::from_library(JsonConversion::Ordered::parse(text));
  } catch (const nlohmann::json::parse_error& error) {
    std::string_view before = text.substr(0, error.byte > 0 ? error.byte - 1 : 0);
    Where where{.file = file, .offset = {}};
    where.line = static_cast<std::uint32_t>(1 + std::ranges::count(before, '\n'));
    where.column = static_cast<std::uint32_t>(before.size() - before.rfind('\n'));
    return fail_at(where, Code::bad_input, "not valid JSON");
  }
}

}  // namespace trxkit
