// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/boot/served_file.h"

#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>

#include "lib/boot/tree_manifests.h"

namespace trxkit::boot {
namespace {

namespace fs = std::filesystem;

bool is_served(const TrustedManifest& manifest, std::string_view name) {
  if (name == "boot.manifest" || name == "boot.manifest.sig") return true;
  return name == path_in_boot(name) && !manifest.hash_of(name).empty();
}

FileDescriptor open_in(int folder, const std::string& name, int flags) {
  return FileDescriptor(::openat(folder, name.c_str(), flags | O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
}

}  // namespace

Result<fs::path> manifest_folder(const std::string& directory) {
  std::error_code ignored;
  for (const fs::path& folder : {fs::path(directory) / "boot", fs::path(directory)}) {
    if (fs::is_regular_file(folder / "boot.manifest", ignored)) return folder;
  }
  return advise(fail_at({directory, {}}, Code::bad_input, "holds no boot.manifest"),
                "mkbootusb tree and netboot make such folders; an image is signed while it is made "
                "(--sign-key)");
}

Result<TrustedManifest> read_trusted_manifest(const fs::path& folder, const Env& env) {
  std::string path = (folder / "boot.manifest").string();
  TrustedManifest manifest = parse_trusted_manifest(TRY(read_text_file(path, env)));
  if (manifest.faults.empty()) return manifest;
  const ManifestFault& first = manifest.faults.front();
  Error error{Code::bad_input, first.what, {.file = path, .line = first.line}};
  error.hint = "write the tree again: mkbootusb tree or netboot";
  error.finding = "NET001";
  return std::unexpected(std::move(error));
}

std::optional<ServedFile> open_served_file(const fs::path& folder, const TrustedManifest& manifest,
                                           std::string_view name) {
  if (!is_served(manifest, name)) return std::nullopt;
  FileDescriptor place(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  fs::path path(name);
  for (const fs::path& part : path.parent_path()) {
    if (!place || part == ".." || part == "/") return std::nullopt;
    place = open_in(place.get(), part.string(), O_DIRECTORY);
  }
  if (!place) return std::nullopt;
  // Without O_NONBLOCK a pipe of that name would be waited for.
  ServedFile file{open_in(place.get(), path.filename().string(), O_NONBLOCK), 0, {}};
  struct stat status{};
  if (!file.descriptor || ::fstat(file.descriptor.get(), &status) != 0) return std::nullopt;
  if (!S_ISREG(status.st_mode)) return std::nullopt;
  file.size = static_cast<std::uint64_t>(status.st_size);
  file.tag =
      fmt::format("\"{:x}-{:x}.{:x}\"", file.size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
  return file;
}

}  // namespace trxkit::boot
