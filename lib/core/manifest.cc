// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/core/manifest.h"

namespace trxkit {
namespace {

Json list(const std::vector<ManifestFile>& files) {
  Json result = Json::array();
  for (const ManifestFile& file : files) {
    Json entry = Json::object({{"role", file.role}, {"name", file.name}, {"size", file.size}});
    if (file.offset != 0) entry.set("offset", file.offset);
    entry.set("sha256", file.sha256);
    if (file.mutable_content) entry.set("mutable", true);
    result.push(std::move(entry));
  }
  return result;
}

Json list(const std::vector<ManifestChange>& changes) {
  Json result = Json::array();
  for (const ManifestChange& change : changes) {
    result.push(
        Json::object({{"entry", change.entry}, {"path", change.path}, {"change", change.what}}));
  }
  return result;
}

}  // namespace

Json BuildManifest::json() const {
  Json result = Json::object({{"schema", 1}, {"tool", tool}, {"version", version}});
  result.set("board", board).set("source_date_epoch", source_date_epoch);
  result.set("inputs", list(inputs)).set("outputs", list(outputs));
  if (!contents.empty()) result.set("contents", list(contents));
  if (!changes.empty()) result.set("changes", list(changes));
  Json versions = Json::object();
  for (const auto& [program, text] : programs) versions.set(program, text);
  return std::move(result.set("programs", std::move(versions)));
}

}  // namespace trxkit
