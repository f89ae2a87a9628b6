// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/nvram/nvram.h"

#include <algorithm>

#include "lib/core/nearest.h"
#include "lib/nvram/crc8.h"

namespace trxkit::nvram {
namespace {

Setting interpret(std::uint64_t offset, std::string_view text) {
  std::size_t sign = text.find('=');
  if (sign == std::string_view::npos) return {offset, std::string(text), {}, false};
  return {offset, std::string(text.substr(0, sign)), std::string(text.substr(sign + 1)), true};
}

// Settings up to the empty name, or to the end of what `length` covers.
void read_settings(Nvram& nvram) {
  std::string_view text = as_text(Bytes(nvram.bytes).first(nvram.end()));
  for (std::size_t start = sizeof(NvramHeader); start < text.size();) {
    if (text[start] == '\0') {
      nvram.terminator = start;
      return;
    }
    std::size_t end = std::min(text.find('\0', start), text.size());
    nvram.settings.push_back(interpret(start, text.substr(start, end - start)));
    start = end + 1;
  }
}

Result<bool> has_magic(const InputFile& file, std::uint64_t position) {
  if (!range_inside(position, sizeof(le32), file.size())) return false;
  return TRY(file.read_struct<le32>(position)) == kMagic;
}

}  // namespace

std::string_view name_of(Place place) {
  switch (place) {
    case Place::flash_end:
      return "flash";
    case Place::defaults:
      return "defaults";
    case Place::whole_file:
      break;
  }
  return "file";
}

std::uint64_t Nvram::end() const {
  return std::clamp<std::uint64_t>(header.length, sizeof(NvramHeader), room);
}

const Setting* Nvram::find(std::string_view name) const {
  auto found = std::find_if(settings.rbegin(), settings.rend(), [&](const Setting& setting) {
    return setting.assigned && setting.name == name;
  });
  return found == settings.rend() ? nullptr : &*found;
}

std::unexpected<Error> no_setting(const std::vector<Setting>& settings, const std::string& name) {
  std::vector<std::string> names;
  for (const Setting& setting : settings) names.push_back(setting.name);
  std::string meant = nearest(name, names);
  auto failure = fail(Code::usage, "there is no setting '{}'", name);
  return meant.empty() ? failure : advise(std::move(failure), "did you mean " + meant + "?");
}

Result<Nvram> read_nvram(const InputFile& file, Place place, std::uint64_t position,
                         std::uint64_t room) {
  Nvram nvram;
  nvram.file = file.name();
  nvram.place = place;
  nvram.position = position;
  nvram.header = TRY(file.read_struct<NvramHeader>(position));
  nvram.room = std::min({room, kLargestRoom, file.size() - position});
  nvram.bytes = TRY(file.bytes_at(position, nvram.room));
  Crc8 crc;
  crc.update(Bytes(nvram.bytes).first(nvram.end()).subspan(kCrcStart));
  nvram.computed_crc = crc.value();
  read_settings(nvram);
  return nvram;
}

Result<std::optional<Nvram>> find_nvram(const InputFile& file) {
  for (std::uint64_t space : kSpaces) {
    if (file.size() < space) continue;
    std::uint64_t position = file.size() - space;
    if (!TRY(has_magic(file, position))) continue;
    return TRY(read_nvram(file, Place::flash_end, position, space));
  }
  if (file.size() > kLargestRoom || !TRY(has_magic(file, 0))) return std::nullopt;
  return TRY(read_nvram(file, Place::whole_file, 0, file.size()));
}

Result<std::optional<Nvram>> find_defaults(const InputFile& file) {
  for (std::uint64_t position : kDefaultPlaces) {
    if (!TRY(has_magic(file, position))) continue;
    return TRY(read_nvram(file, Place::defaults, position, file.size() - position));
  }
  return std::nullopt;
}

}  // namespace trxkit::nvram
