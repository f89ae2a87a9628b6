// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/boot/boot_tree.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include "lib/boot/sign_tree.h"
#include "lib/core/digest.h"

namespace trxkit::boot {
namespace {

std::string sha256_of_text(const std::string& text) {
  Sha256 hash;
  hash.update(as_bytes(text));
  return hex(hash.digest());
}

BootFile text_file(std::string path, std::string role, std::string text) {
  BootFile file{.path = std::move(path), .role = std::move(role)};
  file.sha256 = sha256_of_text(text);
  file.size = text.size();
  file.text = std::move(text);
  return file;
}

Result<BootFile> part_file(std::string role, const Part& part) {
  return BootFile{.path = part.place,
                  .host_path = part.path,
                  .role = std::move(role),
                  .sha256 = TRY(part.sha256.get()),
                  .size = part.size};
}

// The path as boot.sh sees it, whose own folder may be /boot of a stick or any of a server.
std::string_view in_boot(std::string_view path) {
  constexpr std::string_view kFolder = "boot/";
  return path.starts_with(kFolder) ? path.substr(kFolder.size()) : path;
}

// Kernel of one entry, its root where that is a file, and the text that names them.
Status add_entry_files(std::vector<BootFile>& files, const EntryRequest& request,
                       const EntryPlan& plan, const EntryParts& parts) {
  std::vector<std::pair<std::string, std::string>> more;
  if (!parts.root_image.path.empty()) {
    files.push_back(TRY(part_file("root", parts.root_image)));
    files.back().mutable_content = request.form() == RootForm::image;
  }
  if (parts.shipped_root) {
    files.push_back(TRY(part_file("root", *parts.shipped_root)));
  }
  files.push_back(TRY(part_file("kernel", parts.kernel)));
  const std::string& source = request.kernel_source;
  more.emplace_back("kernel", source.empty() ? in_boot(parts.kernel.place) : source);
  more.emplace_back("kernel-sha256", files.back().sha256);
  files.push_back(text_file(fmt::format("boot/entries/{}.conf", plan.entry.name), "entry",
                            rootfs::entry_text(plan.entry, more)));
  return {};
}

void add_trusted_manifest(std::vector<BootFile>& files, const std::string& text,
                          const std::optional<signature::SecretKey>& key) {
  files.push_back(text_file("boot/boot.manifest", "manifest", text));
  if (!key) return;
  files.push_back(text_file("boot/boot.manifest.sig", "manifest", signature_text(*key, text)));
}

// The entry that a file belongs to: "boot/NAME/..." or "boot/entries/NAME.conf"; empty: to none.
std::string entry_of(std::string_view path) {
  std::string_view rest = in_boot(path);
  constexpr std::string_view kEntries = "entries/";
  if (rest.starts_with(kEntries)) {
    rest.remove_prefix(kEntries.size());
    return std::string(rest.substr(0, rest.rfind('.')));
  }
  std::size_t slash = rest.find('/');
  return slash == std::string_view::npos ? std::string() : std::string(rest.substr(0, slash));
}

}  // namespace

std::vector<ManifestFile> kept_files(const TreeState& before, const StickRequest& request,
                                     const std::vector<BootFile>& made) {
  std::vector<ManifestFile> kept;
  for (const ManifestFile& file : before.files()) {
    std::string entry = entry_of(file.name);
    bool replaced = std::ranges::find(made, file.name, &BootFile::path) != made.end();
    bool updated = entry.empty() || std::ranges::find(request.entries, entry,
                                                      &EntryRequest::name) != request.entries.end();
    if (!replaced && (!updated || file.mutable_content)) kept.push_back(file);
  }
  return kept;
}

Result<std::vector<BootFile>> boot_files(const StickRequest& request, const StickPlan& plan,
                                         const std::vector<EntryParts>& parts,
                                         const TreeState& before, const Env& env) {
  std::string settings = TRY(boot_settings_text(request.choice_timeout, request.guard));
  std::vector<BootFile> files;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    TRY(add_entry_files(files, request.entries.at(i), plan.entries.at(i), parts[i]));
  }
  if (!settings.empty()) {
    files.push_back(text_file("boot/boot.conf", "settings", std::move(settings)));
  }
  BootFile script = text_file("boot/boot.sh", "script", TRY(boot_script(env)));
  std::vector<BootFile> trusted = files;
  trusted.push_back(script);
  for (const ManifestFile& file : kept_files(before, request, trusted)) {
    trusted.push_back({.path = file.name,
                       .role = file.role,
                       .sha256 = file.sha256,
                       .size = file.size,
                       .mutable_content = file.mutable_content});
  }
  add_trusted_manifest(files, trusted_manifest(request.board.name, plan.build, trusted),
                       plan.sign_key);
  files.push_back(text_file("boot/manifest.json", "manifest",
                            stick_manifest(request, plan, trusted, env).json().print()));
  files.push_back(std::move(script));
  return files;
}

Result<std::shared_ptr<archive::MemoryTree>> boot_tree(const std::vector<BootFile>& files,
                                                       const Env& env) {
  auto tree = std::make_shared<archive::MemoryTree>("the boot tree", env.source_date_epoch);
  std::set<std::string> folders{""};
  tree->add_directory("");
  for (const BootFile& file : files) {
    std::filesystem::path parent = std::filesystem::path(file.path).parent_path();
    std::filesystem::path folder;
    for (const std::filesystem::path& name : parent) {
      folder /= name;
      if (folders.insert(folder.string()).second) tree->add_directory(folder.string());
    }
    if (file.host_path.empty()) {
      tree->add_text(file.path, file.text);
    } else {
      TRY(tree->add_file(file.path, file.host_path, 0644, env));
    }
  }
  return tree;
}

std::string trusted_manifest(const std::string& board, std::uint64_t build,
                             const std::vector<BootFile>& files) {
  TrustedManifest manifest{.board = board, .build = build};
  for (const BootFile& file : files) {
    if (file.mutable_content) continue;
    manifest.files.push_back({std::string(in_boot(file.path)), file.sha256});
  }
  return manifest.text();
}

BuildManifest stick_manifest(const StickRequest& request, const StickPlan& plan,
                             const std::vector<BootFile>& files, const Env& env) {
  BuildManifest manifest;
  manifest.tool = "mkbootusb";
  manifest.version = version();
  manifest.board = request.board.name;
  manifest.source_date_epoch = env.source_date_epoch;
  manifest.inputs = plan.inputs;
  for (const EntryPlan& entry : plan.entries) {
    for (const rootfs::RootChange& change : entry.root.changes) {
      manifest.changes.push_back({entry.entry.name, change.path, change.what});
    }
  }
  for (const BootFile& file : files) {
    manifest.contents.push_back({.role = file.role,
                                 .name = file.path,
                                 .sha256 = file.sha256,
                                 .size = file.size,
                                 .mutable_content = file.mutable_content});
  }
  return manifest;
}

}  // namespace trxkit::boot
