// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/rootfs/additions.h"

#include <filesystem>

#include "lib/archive/relocate.h"
#include "lib/rootfs/inputs.h"
#include "lib/rootfs/root_input.h"

namespace trxkit::rootfs {
namespace {

namespace fs = std::filesystem;

// Where ":/DEST" starts, or npos.
std::size_t split_of(const std::string& addition) {
  return addition.rfind(":/");
}

Result<Addition> open_tree(const std::string& path, const std::string& directory, bool is_folder,
                           const archive::SourceOptions& options, const Env& env) {
  archive::SourceOptions with_hint = options;
  if (path != "-") {
    with_hint.other_hint = fmt::format("a single file needs its place: {}:/PATH", path);
  }
  auto opened = TRY(open_root(path, with_hint, env));
  auto tree =
      archive::relocate(std::move(opened), {.directory = directory, .owned_by_root = is_folder});
  return Addition{tree, TRY(describe_input("add", path, *tree, env))};
}

// DEST of the user, as a path below the root.
Result<std::string> place_of(const std::string& dest) {
  auto place = archive::normalise_path(dest);
  if (!place) place.error().hint = "behind the ':' stands a place in the root, such as :/etc/motd";
  return place;
}

// A file is executable for all or for nobody: other bits are the host's.
Result<std::uint32_t> mode_of(const fs::path& path) {
  std::error_code error;
  fs::file_status status = fs::status(path, error);
  if (error) return fail_at({path.string(), {}}, Code::io, "{}", error.message());
  bool executable = (status.permissions() & fs::perms::owner_exec) != fs::perms::none;
  return executable ? 0755U : 0644U;
}

}  // namespace

std::string host_path_of(const std::string& addition) {
  return addition.substr(0, split_of(addition));
}

Result<Addition> open_addition(const std::string& addition, const archive::SourceOptions& options,
                               const Env& env) {
  std::string path = host_path_of(addition);
  if (path.empty()) {
    return advise(fail(Code::usage, "the addition \"{}\" names no file of this computer", addition),
                  "FILE:/PATH, or a folder or an archive");
  }
  std::error_code ignored;
  bool is_folder = path != "-" && fs::is_directory(path, ignored);
  std::size_t split = split_of(addition);
  if (split == std::string::npos) return open_tree(path, "", is_folder, options, env);
  std::string dest = addition.substr(split + 1);
  if (is_folder) return open_tree(path, TRY(place_of(dest)), is_folder, options, env);
  if (dest.ends_with('/')) dest += fs::path(path).filename().string();
  std::string place = TRY(place_of(dest));
  std::uint32_t mode = TRY(mode_of(path));
  auto tree = TRY(archive::single_file(path, place, mode, env));
  return Addition{std::move(tree), TRY(describe_file("add", path, env))};
}

}  // namespace trxkit::rootfs
