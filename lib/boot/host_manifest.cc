// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/boot/host_manifest.h"

#include "lib/archive/entry.h"
#include "lib/core/json.h"

namespace trxkit::boot {
namespace {

std::string text_of(const Json& object, std::string_view key) {
  const Json* value = object.find(key);
  return value != nullptr && value->text() != nullptr ? *value->text() : std::string();
}

Result<ManifestFile> parse_file(const Json& object, const std::string& manifest) {
  ManifestFile file{.role = text_of(object, "role"),
                    .name = text_of(object, "name"),
                    .sha256 = text_of(object, "sha256")};
  const Json* size = object.find("size");
  const Json* changing = object.find("mutable");
  if (size != nullptr && size->number() != nullptr) file.size = *size->number();
  file.mutable_content =
      changing != nullptr && changing->boolean() != nullptr && *changing->boolean();
  auto path = archive::normalise_path(file.name);
  if (!path || *path != file.name || !file.name.starts_with("boot/")) {
    return fail_at({manifest, {}}, Code::bad_input, "names '{}', which is no file of /boot",
                   file.name);
  }
  if (!file.sha256.empty()) return file;
  return fail_at({manifest, {}}, Code::bad_input, "names '{}' without its hash", file.name);
}

}  // namespace

Result<HostManifest> parse_host_manifest(std::string_view text, const std::string& name) {
  Json json = TRY(Json::parse(text, name));
  HostManifest manifest{.board = text_of(json, "board")};
  const Json* contents = json.find("contents");
  if (contents == nullptr || contents->elements() == nullptr) {
    return fail_at({name, {}}, Code::bad_input, "lists no files");
  }
  for (const Json& file : *contents->elements()) {
    manifest.files.push_back(TRY(parse_file(file, name)));
  }
  return manifest;
}

}  // namespace trxkit::boot
