// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "mkbootusb/entry_options.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "lib/core/nearest.h"
#include "lib/core/units.h"

namespace trxkit {
namespace {

using boot::EntryRequest;
using boot::VolumeNames;
using rootfs::StartSettings;

struct EntryKey {
  std::string_view name;
  bool has_value;
  Status (*apply)(EntryRequest&, const std::string& value);
};

template <std::string EntryRequest::* member>
Status set_text(EntryRequest& entry, const std::string& value) {
  entry.*member = value;
  return {};
}

Status set_priority(EntryRequest& entry, const std::string& value) {
  std::uint64_t number = TRY(parse_number(value));
  if (number > std::numeric_limits<std::uint16_t>::max()) {
    return fail(Code::usage, "the priority {} is more than 65535", number);
  }
  entry.priority = static_cast<unsigned>(number);
  return {};
}

Status set_minimal(EntryRequest& entry, const std::string&) {
  entry.rootfs.clear();
  entry.minimal = true;
  return {};
}

template <bool EntryRequest::* member>
Status set_flag(EntryRequest& entry, const std::string&) {
  entry.*member = true;
  return {};
}

Status set_rootfs(EntryRequest& entry, const std::string& value) {
  entry.rootfs = value;
  entry.minimal = false;
  return {};
}

Status set_free(EntryRequest& entry, const std::string& value) {
  entry.free_bytes = TRY(parse_size(value));
  return {};
}

template <std::vector<std::string> EntryRequest::* member>
Status add_text(EntryRequest& entry, const std::string& value) {
  (entry.*member).push_back(value);
  return {};
}

template <std::string StartSettings::* member>
Status set_start(EntryRequest& entry, const std::string& value) {
  entry.start.*member = value;
  return {};
}

template <std::vector<std::string> StartSettings::* member>
Status add_start(EntryRequest& entry, const std::string& value) {
  (entry.start.*member).push_back(value);
  return {};
}

template <bool StartSettings::* member, bool value>
Status set_start_flag(EntryRequest& entry, const std::string&) {
  entry.start.*member = value;
  return {};
}

template <std::string VolumeNames::* member>
Status set_name(EntryRequest& entry, const std::string& value) {
  entry.root_names.*member = value;
  return {};
}

Status set_root_form(EntryRequest& entry, const std::string& value) {
  entry.root_form = TRY(root_form_named(value));
  return {};
}

constexpr EntryKey kKeys[] = {
    {"title", true, set_text<&EntryRequest::title>},
    {"priority", true, set_priority},
    {"kernel", true, set_text<&EntryRequest::kernel>},
    {"modules", true, add_text<&EntryRequest::modules>},
    {"cmdline", true, set_text<&EntryRequest::command_line>},
    {"rootfs", true, set_rootfs},
    {"minimal", false, set_minimal},
    {"as-is", false, set_flag<&EntryRequest::as_is>},
    {"resettable", false, set_flag<&EntryRequest::resettable>},
    {"root-as", true, set_root_form},
    {"root-uuid", true, set_name<&VolumeNames::id>},
    {"root-label", true, set_name<&VolumeNames::label>},
    {"root-partuuid", true, set_name<&VolumeNames::partition_id>},
    {"root", true, set_text<&EntryRequest::server_root>},
    {"kernel-url", true, set_text<&EntryRequest::kernel_source>},
    {"network", true, set_start<&StartSettings::network>},
    {"interface", true, set_start<&StartSettings::interface>},
    {"free", true, set_free},
    {"root-options", true, set_start<&StartSettings::options>},
    {"init", true, set_start<&StartSettings::init>},
    {"path", true, set_start<&StartSettings::path>},
    {"env", true, add_start<&StartSettings::environment>},
    {"mount", true, add_start<&StartSettings::mounts>},
    {"use-swap", true, set_start<&StartSettings::swap>},
    {"no-fsck", false, set_start_flag<&StartSettings::check, false>},
    {"rescue", false, set_start_flag<&StartSettings::rescue, true>},
};

// Pieces between single commas; ",," is a comma.
std::vector<std::string> pieces_of(std::string_view text) {
  std::vector<std::string> pieces(1);
  for (std::size_t i = 0; i < text.size(); ++i) {
    bool comma = text[i] == ',';
    bool doubled = comma && i + 1 < text.size() && text[i + 1] == ',';
    if (comma && !doubled) {
      pieces.emplace_back();
      continue;
    }
    pieces.back() += text[i];
    if (doubled) ++i;
  }
  return pieces;
}

std::unexpected<Error> unknown_key(const std::string& entry, const std::string& key) {
  std::vector<std::string> known;
  for (const EntryKey& candidate : kKeys) known.emplace_back(candidate.name);
  std::string guess = nearest(key, known);
  return advise(fail(Code::usage, "--entry {}: there is no key '{}'", entry, key),
                guess.empty() ? fmt::format("the keys are {}", entry_keys())
                              : fmt::format("did you mean {}?", guess));
}

Status apply_piece(EntryRequest& entry, const std::string& piece) {
  std::size_t equals = piece.find('=');
  std::string name = piece.substr(0, equals);
  const auto* key = std::ranges::find(kKeys, name, &EntryKey::name);
  if (key == std::end(kKeys)) return unknown_key(entry.name, name);
  if (key->has_value != (equals != std::string::npos)) {
    return fail(Code::usage, "--entry {}: '{}' {} value", entry.name, name,
                key->has_value ? "needs a" : "has no");
  }
  Status applied = key->apply(entry, key->has_value ? piece.substr(equals + 1) : std::string());
  if (!applied)
    applied.error().what = fmt::format("--entry {}: {}", entry.name, applied.error().what);
  return applied;
}

}  // namespace

Result<boot::RootForm> root_form_named(const std::string& name) {
  if (name == "image") return boot::RootForm::image;
  if (name == "squashfs") return boot::RootForm::squashfs;
  if (name == "partition") return boot::RootForm::partition;
  return fail(Code::usage, "a root is an image, a squashfs or a partition, not '{}'", name);
}

Result<EntryRequest> parse_entry(const std::string& text, const EntryRequest& defaults) {
  std::vector<std::string> pieces = pieces_of(text);
  EntryRequest entry = defaults;
  entry.name = pieces.front();
  for (auto piece = pieces.begin() + 1; piece != pieces.end(); ++piece)
    TRY(apply_piece(entry, *piece));
  return entry;
}

std::string entry_keys() {
  std::string keys;
  for (const EntryKey& key : kKeys) {
    keys += fmt::format("{}{}{}", keys.empty() ? "" : ", ", key.name, key.has_value ? "=" : "");
  }
  return keys;
}

}  // namespace trxkit
