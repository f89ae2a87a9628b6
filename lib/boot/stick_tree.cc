// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The /boot tree in a folder: a mounted stick, or what a server serves.
#include <algorithm>
#include <system_error>

#include "lib/boot/tree_update.h"

namespace trxkit::boot {
namespace {

namespace fs = std::filesystem;

// Folders that were made here, removed again (where empty) unless the tree was completed.
class MadeFolders {
 public:
  MadeFolders() = default;
  MadeFolders(const MadeFolders&) = delete;
  MadeFolders& operator=(const MadeFolders&) = delete;
  ~MadeFolders() {
    for (auto folder = made_.rbegin(); !keep_ && folder != made_.rend(); ++folder) {
      std::error_code ignored;
      fs::remove(*folder, ignored);
    }
  }

  Status make(const fs::path& folder) {
    std::error_code error;
    if (folder.empty() || fs::is_directory(folder, error)) return {};
    if (folder.has_parent_path()) TRY(make(folder.parent_path()));
    if (!fs::create_directory(folder, error) && error) {
      return fail_at({folder.string(), {}}, Code::io, "cannot make this folder: {}",
                     error.message());
    }
    made_.push_back(folder);
    return {};
  }
  void keep() { keep_ = true; }

 private:
  std::vector<fs::path> made_;
  bool keep_ = false;
};

// What runs that were killed could not take away.
void remove_old_scratch(const fs::path& root) {
  std::error_code ignored;
  std::vector<fs::path> found;
  for (const auto& item : fs::directory_iterator(root, ignored)) {
    bool ours = item.path().filename().string().starts_with(".trxkit.") && !item.is_symlink();
    if (ours && item.is_directory(ignored)) found.push_back(item.path());
  }
  for (const fs::path& folder : found) fs::remove_all(folder, ignored);
}

// A folder is one boot partition, whatever else the stick has.
Status check_folder(const StickRequest& request) {
  bool partitions = request.layout.swap_size > 0 || request.layout.data_size > 0 ||
                    std::ranges::any_of(request.entries, [](const EntryRequest& entry) {
                      return entry.form() == RootForm::partition;
                    });
  if (!partitions) return {};
  return advise(fail(Code::usage, "a folder has no partitions for root, swap or data"),
                "mkbootusb image makes those");
}

}  // namespace

Result<StickResult> write_stick_tree(const StickRequest& request, const std::string& directory,
                                     const Env& env, const Progress& progress, Findings& findings) {
  TRY(check_folder(request));
  fs::path root = fs::path(directory).lexically_normal();
  MadeFolders folders;
  TRY(folders.make(root));
  remove_old_scratch(root);
  TreeState before = TRY(TreeState::read(root, request.board.name, env));
  // On the medium itself: large files are renamed from there.
  TemporaryDirectory scratch = TRY(TemporaryDirectory::create(root));
  StickBuild build = TRY(build_stick(request, before, scratch.path(), env, progress, findings));
  progress("boot tree", 0, 0);
  for (const BootFile& file : build.files) TRY(folders.make((root / file.path).parent_path()));
  TRY(update_tree(root, before, request, build, env));
  folders.keep();
  StickResult result = result_of(request, build, env);
  result.manifest.outputs = result.manifest.contents;
  for (const ManifestFile& file : kept_files(before, request, build.files)) {
    bool updated = std::ranges::any_of(request.entries, [&](const EntryRequest& entry) {
      return file.name.starts_with(fmt::format("boot/{}/", entry.name));
    });
    if (updated) result.left.push_back(file.name);
  }
  return result;
}

Result<StickResult> write_network_tree(const StickRequest& request, const std::string& directory,
                                       const Env& env, const Progress& progress,
                                       Findings& findings) {
  StickRequest served = request;
  bool elsewhere = std::ranges::none_of(
      request.entries, [](const EntryRequest& entry) { return entry.server_root.empty(); });
  if (elsewhere && served.layout.medium.empty()) served.layout.medium = "none";
  return write_stick_tree(served, directory, env, progress, findings);
}

}  // namespace trxkit::boot
