// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/boot/medium.h"

#include <algorithm>
#include <system_error>

namespace trxkit::boot {
namespace {

namespace fs = std::filesystem;

class FolderMedium final : public Medium {
 public:
  FolderMedium(std::string name, fs::path folder)
      : Medium(std::move(name)), folder_(std::move(folder)) {}

  Status list() {
    std::error_code error;
    fs::recursive_directory_iterator files(folder_, error);
    for (; !error && files != fs::end(files); files.increment(error)) {
      if (files->is_regular_file()) files_.push_back(fs::relative(files->path(), folder_));
    }
    if (error) return fail_at({name_, {}}, Code::io, "cannot be read: {}", error.message());
    std::ranges::sort(files_);
    return {};
  }

  Result<std::string> host_path(const std::string& path, const Env& /*env*/) override {
    return (folder_ / path).string();
  }

 private:
  fs::path folder_;
};

}  // namespace

bool Medium::has(const std::string& path) const {
  return std::ranges::find(files_, path) != files_.end();
}

Result<InputFile> Medium::open(const std::string& path, const Env& env) {
  std::string file = TRY(host_path(path, env));
  return TRY(InputFile::open(file, env)).called(name_ + "/" + path);
}

Result<std::unique_ptr<Medium>> folder_medium(const std::string& path) {
  std::error_code ignored;
  fs::path folder = fs::path(path).lexically_normal();
  bool below =
      fs::is_directory(folder / "boot", ignored) && !fs::exists(folder / "boot.sh", ignored);
  if (below) folder /= "boot";
  auto medium = std::make_unique<FolderMedium>(folder.string(), folder);
  TRY(medium->list());
  return medium;
}

}  // namespace trxkit::boot
