// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/nvram/edit.h"

#include <algorithm>
#include <cstring>

#include "lib/core/units.h"
#include "lib/nvram/crc8.h"

namespace trxkit::nvram {
namespace {

bool is_name_letter(char letter) {
  return letter > ' ' && letter < 0x7f && letter != '=';
}

Status apply_one(std::vector<Setting>& settings, const Change& change) {
  auto first = std::ranges::find(settings, change.name, &Setting::name);
  if (first == settings.end()) {
    if (!change.value) return no_setting(settings, change.name);
    settings.push_back({0, change.name, *change.value, true});
    return {};
  }
  auto others = first;
  if (change.value) {
    first->value = *change.value;
    ++others;
  }
  settings.erase(
      std::remove_if(others, settings.end(),
                     [&](const Setting& setting) { return setting.name == change.name; }),
      settings.end());
  return {};
}

// What stands behind the header: the settings, the empty name, zeros up to whole words.
std::string text_of(const std::vector<Setting>& settings) {
  std::string text;
  for (const Setting& setting : settings) {
    text += setting.name;
    text += '=';
    text += setting.value;
    text += '\0';
  }
  text += '\0';
  text.resize(static_cast<std::size_t>(align_up(text.size(), kLengthAlignment)));
  return text;
}

bool same(const std::vector<Setting>& a, const std::vector<Setting>& b) {
  return std::ranges::equal(a, b, [](const Setting& x, const Setting& y) {
    return x.name == y.name && x.value == y.value;
  });
}

void put_header(std::vector<std::byte>& bytes, NvramHeader header, std::uint64_t length) {
  header.length = static_cast<std::uint32_t>(length);  // at most kLargestRoom
  std::memcpy(bytes.data(), &header, sizeof(header));
  Crc8 crc;
  crc.update(Bytes(bytes).first(length).subspan(kCrcStart));
  bytes[kCrcField] = std::byte{crc.value()};
}

}  // namespace

Result<Change> parse_assignment(std::string_view text) {
  std::size_t sign = text.find('=');
  std::string_view name = text.substr(0, sign);
  if (sign == std::string_view::npos || name.empty()) {
    return advise(fail(Code::usage, "'{}' is no setting", text), "write it as NAME=VALUE");
  }
  if (!std::ranges::all_of(name, is_name_letter)) {
    return advise(fail(Code::usage, "'{}' is no name of a setting", name),
                  "names are letters, digits and signs without blanks");
  }
  return Change{std::string(name), std::string(text.substr(sign + 1))};
}

Result<std::vector<std::byte>> with_changes(const Nvram& nvram, std::span<const Change> changes) {
  std::vector<Setting> settings = nvram.settings;
  for (const Change& change : changes) TRY(apply_one(settings, change));
  if (same(settings, nvram.settings)) return nvram.bytes;
  std::string text = text_of(settings);
  std::uint64_t length = sizeof(NvramHeader) + text.size();
  if (length > nvram.room) {
    auto failure = fail_at(nvram.at(0), Code::does_not_fit,
                           "the settings take {} bytes, {} more than there is room for", length,
                           length - nvram.room);
    failure.error().finding = "NVR014";
    return advise(std::move(failure), "remove settings that nothing uses: trxtool nvram unset");
  }
  std::vector<std::byte> bytes = nvram.bytes;
  std::ranges::copy(as_bytes(text), bytes.begin() + sizeof(NvramHeader));
  for (std::uint64_t i = length; i < nvram.end(); ++i) bytes[i] = std::byte{kErased};
  put_header(bytes, nvram.header, length);
  return bytes;
}

}  // namespace trxkit::nvram
