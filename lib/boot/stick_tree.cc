// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The /boot tree in a folder: a mounted stick, or what a server serves.
#include <algorithm>
#include <system_error>

#include "lib/boot/stick_build.h"

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

// `file` with its contents, still under a temporary name.
Result<OutputFile> written(const BootFile& file, const fs::path& path, const Env& env) {
  OutputFile output = TRY(OutputFile::create(path.string()));
  if (file.host_path.empty()) {
    TRY(output.write(as_bytes(file.text)));
  } else {
    InputFile made = TRY(InputFile::open(file.host_path, env));
    TRY(copy_file(made, output));
  }
  return output;
}

Status write_files(const std::vector<BootFile>& files, const StickRequest& request,
                   const fs::path& root, MadeFolders& folders, const Env& env) {
  std::vector<OutputFile> outputs;
  for (const BootFile& file : files) {
    fs::path path = root / file.path;
    TRY(keep_inputs(path.string(), request.files_read()));
    TRY(folders.make(path.parent_path()));
    outputs.push_back(TRY(written(file, path, env)));
  }
  std::vector<OutputFile*> all;
  for (OutputFile& output : outputs) all.push_back(&output);
  return OutputFile::commit_all(all);
}

// A folder is one boot partition, whatever else the stick has.
Status check_folder(const StickRequest& request) {
  bool partitions = request.layout.swap_size > 0 || request.layout.data_size > 0 ||
                    std::ranges::any_of(request.entries, [](const EntryRequest& entry) {
                      return entry.root_form == RootForm::partition;
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
  TemporaryDirectory scratch = TRY(TemporaryDirectory::create(root));
  StickBuild build = TRY(build_stick(request, scratch.path(), env, progress, findings));
  progress("boot tree", 0, 0);
  TRY(write_files(build.files, request, root, folders, env));
  folders.keep();
  StickResult result = result_of(request, build, env);
  result.manifest.outputs = result.manifest.contents;
  return result;
}

}  // namespace trxkit::boot
