// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/boot/tree_state.h"

#include <algorithm>

#include "lib/boot/host_manifest.h"
#include "lib/system/file.h"

namespace trxkit::boot {
namespace {

namespace fs = std::filesystem;

constexpr const char* kManifest = "boot/manifest.json";

// Whether `file`, if its contents are those, will do for what is wanted at `path`.
bool takes_place_of(const ManifestFile& file, const fs::path& path) {
  fs::path name(file.name);
  return name.parent_path() == path.parent_path() && name.extension() == path.extension();
}

}  // namespace

Result<TreeState> TreeState::read(const fs::path& root, const std::string& board, const Env& env) {
  TreeState state;
  state.root_ = root;
  std::string path = (root / kManifest).string();
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return state;
  std::string text = TRY(read_text_file(path, env));
  HostManifest manifest = TRY(parse_host_manifest(text, path));
  if (manifest.board != board) {
    return advise(
        fail_at({path, {}}, Code::refused, "this stick is for the board '{}'", manifest.board),
        "take another stick, or remove its folder boot");
  }
  state.files_ = std::move(manifest.files);
  state.drop_stale(env);
  return state;
}

// After an interrupted update a path is listed as it was and as it was to be.
void TreeState::drop_stale(const Env& env) {
  for (const ManifestFile& file : std::vector<ManifestFile>(files_)) {
    if (std::ranges::count(files_, file.name, &ManifestFile::name) < 2) continue;
    auto there = InputFile::open((root_ / file.name).string(), env);
    auto digest = there ? sha256_of(*there) : Result<Sha256Digest>(std::unexpected(there.error()));
    if (!digest || !wrote(file.name, hex(*digest))) continue;
    std::erase_if(files_, [&](const ManifestFile& other) {
      return other.name == file.name && other.sha256 != hex(*digest);
    });
  }
}

bool TreeState::wrote(const std::string& path, const std::string& sha256) const {
  return std::ranges::any_of(
      files_, [&](const ManifestFile& file) { return file.name == path && file.sha256 == sha256; });
}

std::string TreeState::place(const std::string& path, const std::string& sha256) const {
  fs::path wanted(path);
  std::error_code ignored;
  for (const ManifestFile& file : files_) {
    bool same = file.sha256 == sha256 && takes_place_of(file, wanted);
    if (same && fs::is_regular_file(root_ / file.name, ignored)) return file.name;
  }
  if (!exists(wanted)) return path;
  std::string name = fmt::format("{}-{}{}", wanted.stem().string(), sha256.substr(0, 8),
                                 wanted.extension().string());
  return (wanted.parent_path() / name).string();
}

bool TreeState::is_new(const std::string& path) const {
  return !exists(path) && std::ranges::none_of(files_, [&](const ManifestFile& file) {
    return takes_place_of(file, path);
  });
}

bool TreeState::exists(const fs::path& path) const {
  std::error_code ignored;
  return !root_.empty() && fs::exists(fs::symlink_status(root_ / path, ignored));
}

}  // namespace trxkit::boot
