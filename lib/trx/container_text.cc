// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/trx/container_text.h"

#include <algorithm>

namespace trxkit::trx {
namespace {

// Model and version, the members that people look for.
void add_identity(const Container& container, Json& json) {
  if (container.id_offset) json.set("id", printable_id(container));
  if (!container.version.empty()) json.set("version", version_text(container));
  Json fields = Json::object();
  for (const ContainerField& field : container.fields) {
    fields.set(std::string(field.name), field.value);
  }
  if (!container.fields.empty()) json.set("fields", std::move(fields));
}

std::string identity_text(const Container& container) {
  std::string text;
  if (container.id_offset) text += " for " + printable_id(container);
  if (!container.version.empty()) text += ", version " + version_text(container);
  return text;
}

Container described(const CyberTanHeader& header) {
  Container container;
  describe_cybertan(header, 0, container);
  return container;
}

}  // namespace

Json describe_container(const Container& container) {
  Json json = Json::object({{"kind", board::name_of(container.kind)},
                            {"offset", container.position},
                            {"size", container.size},
                            {"trx_offset", container.trx}});
  add_identity(container, json);
  if (container.checksums.empty()) return json;
  bool right = std::ranges::all_of(container.checksums, [](const ContainerChecksum& checksum) {
    return checksum.stated == checksum.computed;
  });
  json.set("checksums_ok", right);
  return json;
}

std::string container_line(const Container& container) {
  std::string line = fmt::format("{}{}, ", title_of(container.kind), identity_text(container));
  if (container.kind == board::ContainerKind::asus) {
    return line + fmt::format("tail at {:#x}", container.position);
  }
  line += fmt::format("TRX at {:#x}", container.trx);
  for (const ContainerChecksum& checksum : container.checksums) {
    if (checksum.stated == checksum.computed) continue;
    line += fmt::format(", {} wrong", checksum.name);
  }
  return line;
}

Json describe_fourth(const CyberTanHeader& header) {
  Json json = Json::object();
  add_identity(described(header), json);
  Json states = Json::object();
  for (std::size_t i = 0; i < header.states.size(); ++i) {
    states.set(std::string(kCyberTanStateNames[i]), std::uint64_t{header.states[i]});
  }
  json.set("states", std::move(states));
  return json;
}

std::string fourth_line(const CyberTanHeader& header) {
  std::string line = "CyberTAN header" + identity_text(described(header));
  for (std::size_t i = 0; i < header.states.size(); ++i) {
    if (header.states[i] == (i == 0 ? kCyberTanStable : kCyberTanTried)) {
      line += fmt::format(", {}", kCyberTanStateNames[i]);
    }
  }
  return line;
}

}  // namespace trxkit::trx
