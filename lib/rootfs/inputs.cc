// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/rootfs/inputs.h"

#include <filesystem>

#include "lib/archive/merge.h"
#include "lib/archive/source.h"
#include "lib/archive/write.h"
#include "lib/core/digest.h"
#include "lib/system/file.h"

namespace trxkit::rootfs {
namespace {

std::string last_name(const std::string& path) {
  std::filesystem::path normal = std::filesystem::path(path).lexically_normal();
  if (!normal.has_filename()) normal = normal.parent_path();
  return normal.filename().string();
}

Result<ManifestFile> describe_tree(const std::string& role, const std::string& path,
                                   const archive::Source& tree) {
  Sha256 hash;
  std::uint64_t size = 0;
  auto writer = archive::tar_writer([&](Bytes bytes) -> Status {
    hash.update(bytes);
    size += bytes.size();
    return {};
  });
  TRY(archive::copy_entries(tree, *writer));
  return ManifestFile{
      .role = role, .name = last_name(path), .sha256 = hex(hash.digest()), .size = size};
}

}  // namespace

Result<ManifestFile> describe_file(const std::string& role, const std::string& path,
                                   const Env& env) {
  InputFile file = TRY(InputFile::open(path, env));
  return ManifestFile{.role = role,
                      .name = last_name(path),
                      .sha256 = hex(TRY(sha256_of(file))),
                      .size = file.size()};
}

Result<ManifestFile> describe_modules(const std::string& path, const Env& env) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(path, ignored)) return describe_file("modules", path, env);
  Findings seen_again;  // ModuleSet reports them
  auto tree = TRY(archive::open_source(path, env));
  auto timeless = TRY(archive::merge({tree}, {.latest_time = 0}, seen_again));
  return describe_tree("modules", path, *timeless);
}

Result<ManifestFile> describe_input(const std::string& role, const std::string& path,
                                    const archive::Source& tree, const Env& env) {
  std::error_code ignored;
  if (path == "-" || std::filesystem::is_directory(path, ignored)) {
    return describe_tree(role, path, tree);
  }
  return describe_file(role, path, env);
}

}  // namespace trxkit::rootfs
