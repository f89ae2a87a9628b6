// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/nvram/describe.h"

#include <algorithm>

#include "lib/core/printable.h"
#include "lib/core/units.h"
#include "lib/nvram/secret.h"

namespace trxkit::nvram {
namespace {

bool is_hidden(const Setting& setting, Secrets secrets) {
  return secrets == Secrets::hidden && !setting.value.empty() && looks_secret(setting.name);
}

Json describe_setting(const Setting& setting, Secrets secrets) {
  Json json = Json::object({{"name", setting.name}});
  if (!setting.assigned) return json;
  if (is_hidden(setting, secrets)) return std::move(json.set("hidden", true));
  return std::move(json.set("value", setting.value));
}

std::string line_of(const Setting& setting, Secrets secrets) {
  std::string name = printable(setting.name);
  if (!setting.assigned) return name;
  return name + "=" + (is_hidden(setting, secrets) ? "(hidden)" : printable(setting.value));
}

std::string where_it_lies(const Nvram& nvram) {
  switch (nvram.place) {
    case Place::flash_end:
      return fmt::format("in the last {} of the chip", human_size(nvram.room));
    case Place::defaults:
      return "the boot loader's defaults";
    case Place::whole_file:
      break;
  }
  return "a file of its own";
}

}  // namespace

Json describe(const Nvram& nvram, Secrets secrets) {
  Json settings = Json::array();
  for (const Setting& setting : nvram.settings) settings.push(describe_setting(setting, secrets));
  const NvramHeader& header = nvram.header;
  return Json::object({{"file", nvram.file},
                       {"place", name_of(nvram.place)},
                       {"offset", nvram.position},
                       {"room", nvram.room},
                       {"length", header.length.value()},
                       {"crc", std::uint64_t{header.crc}},
                       {"crc_ok", header.crc == nvram.computed_crc},
                       {"version", std::uint64_t{header.version}},
                       {"sdram_init", std::uint64_t{header.sdram_init}},
                       {"sdram_config", std::uint64_t{header.sdram_config}},
                       {"sdram_refresh", std::uint64_t{header.sdram_refresh}},
                       {"sdram_ncdl", header.sdram_ncdl.value()},
                       {"settings", std::move(settings)}});
}

std::vector<std::string> describe_lines(const Nvram& nvram, Secrets secrets) {
  const NvramHeader& header = nvram.header;
  bool crc_ok = header.crc == nvram.computed_crc;
  std::vector<std::string> lines{
      fmt::format("# nvram version {} at {:#x}: {}", header.version, nvram.position,
                  where_it_lies(nvram)),
      fmt::format(
          "# {} of {} bytes, CRC {:#04x} {}", header.length.value(), nvram.room, header.crc,
          crc_ok ? "right" : fmt::format("wrong, the bytes give {:#04x}", nvram.computed_crc)),
      fmt::format("# SDRAM init {:#06x}, config {:#06x}, refresh {:#06x}, ncdl {:#010x}",
                  header.sdram_init.value(), header.sdram_config.value(),
                  header.sdram_refresh.value(), header.sdram_ncdl.value())};
  auto hidden = std::ranges::count_if(
      nvram.settings, [&](const Setting& setting) { return is_hidden(setting, secrets); });
  for (const Setting& setting : nvram.settings) lines.push_back(line_of(setting, secrets));
  if (hidden != 0) {
    lines.push_back(fmt::format("# {} value{} that look{} secret {} hidden: --secrets shows them",
                                hidden, plural(static_cast<std::uint64_t>(hidden)),
                                hidden == 1 ? "s" : "", hidden == 1 ? "is" : "are"));
  }
  return lines;
}

}  // namespace trxkit::nvram
