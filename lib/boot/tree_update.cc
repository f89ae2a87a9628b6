// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/boot/tree_update.h"

#include <algorithm>
#include <system_error>

#include "lib/system/move_file.h"

namespace trxkit::boot {
namespace {

namespace fs = std::filesystem;

constexpr const char* kManifest = "boot/manifest.json";

Result<std::string> hash_of(const fs::path& path, const Env& env) {
  InputFile file = TRY(InputFile::open(path.string(), env));
  return hex(TRY(sha256_of(file)));
}

class TreeUpdate {
 public:
  TreeUpdate(const fs::path& root, const TreeState& before, const StickRequest& request,
             const StickBuild& build, const Env& env)
      : root_(root), before_(before), request_(request), build_(build), env_(env) {}

  Status run() const {
    for (const BootFile& file : build_.files) TRY(check_target(file));
    TRY(put_text(kManifest, transition_manifest()));
    for (const BootFile& file : build_.files) {
      if (!file.host_path.empty() && !lies_there(file)) {
        TRY(move_file(file.host_path, root_ / file.path));
      }
    }
    for (const BootFile& file : build_.files) {
      if (file.host_path.empty() && file.path != kManifest) TRY(put_text(file.path, file.text));
    }
    TRY(remove_superseded());
    TRY(remove_old_signature());
    return put_final_manifest();
  }

 private:
  // A text that somebody has changed is theirs: it is not overwritten.
  Status check_target(const BootFile& file) const {
    TRY(keep_inputs((root_ / file.path).string(), request_.files_read()));
    std::error_code ignored;
    bool ours = !file.host_path.empty() || file.role == "manifest";
    if (ours || !fs::exists(fs::symlink_status(root_ / file.path, ignored))) return {};
    std::string there = TRY(hash_of(root_ / file.path, env_));
    if (there == file.sha256 || before_.wrote(file.path, there)) return {};
    return advise(fail_at({(root_ / file.path).string(), {}}, Code::refused,
                          "was not written by this tool, or was changed since"),
                  "move it away; it will be made anew");
  }

  // A writable root counts as it was made: what a system has written into it since is to stay.
  bool lies_there(const BootFile& file) const {
    if (!before_.wrote(file.path, file.sha256)) return false;
    std::error_code ignored;
    if (file.mutable_content) return fs::is_regular_file(root_ / file.path, ignored);
    auto there = hash_of(root_ / file.path, env_);
    return there && *there == file.sha256;
  }

  Status put_text(const std::string& path, const std::string& text) const {
    OutputFile output = TRY(OutputFile::create((root_ / path).string()));
    TRY(output.write(as_bytes(text)));
    return output.commit();
  }

  // Old and new files, so that whoever comes after an interrupted run knows both for ours.
  std::string transition_manifest() const {
    BuildManifest both = stick_manifest(request_, build_.plan, build_.files, env_);
    both.contents.insert(both.contents.end(), before_.files().begin(), before_.files().end());
    return both.json().print();
  }

  Status remove_superseded() const {
    std::vector<ManifestFile> kept = kept_files(before_, request_, build_.files);
    for (const ManifestFile& file : before_.files()) {
      bool stays =
          std::ranges::find(kept, file.name, &ManifestFile::name) != kept.end() ||
          std::ranges::find(build_.files, file.name, &BootFile::path) != build_.files.end();
      std::error_code error;
      if (!stays && !fs::remove(root_ / file.name, error) && error) {
        return fail_at({(root_ / file.name).string(), {}}, Code::io, "cannot be removed: {}",
                       error.message());
      }
    }
    return {};
  }

  // It is that of another boot.manifest, whoever made it; no router would take the tree with it.
  Status remove_old_signature() const {
    constexpr const char* kSignature = "boot/boot.manifest.sig";
    bool made = std::ranges::find(build_.files, kSignature, &BootFile::path) != build_.files.end();
    std::error_code error;
    if (made || fs::remove(root_ / kSignature, error) || !error) return {};
    return fail_at({(root_ / kSignature).string(), {}}, Code::io, "cannot be removed: {}",
                   error.message());
  }

  Status put_final_manifest() const {
    auto manifest = std::ranges::find(build_.files, kManifest, &BootFile::path);
    return put_text(kManifest, manifest->text);
  }

  const fs::path& root_;
  const TreeState& before_;
  const StickRequest& request_;
  const StickBuild& build_;
  const Env& env_;
};

}  // namespace

Status update_tree(const fs::path& root, const TreeState& before, const StickRequest& request,
                   const StickBuild& build, const Env& env) {
  return TreeUpdate(root, before, request, build, env).run();
}

}  // namespace trxkit::boot
