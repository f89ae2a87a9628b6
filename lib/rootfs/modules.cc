// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/rootfs/modules.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <sstream>

#include "lib/archive/source.h"
#include "lib/system/file.h"

namespace trxkit::rootfs {
namespace {

// A distribution's modules.dep has some 300 KiB.
constexpr std::uint64_t kLongestModulesDep = 8 << 20;

// ext4 asks for crc32c by name, which modules.dep does not tell; vfat needs the code page and the
// character set that the kernel has as defaults, or it refuses to mount.
constexpr const char* kFileSystemModules[] = {"crc32c_generic", "nls_cp437", "nls_iso8859-1",
                                              "vfat",           "ext4",      "loop"};

// "kernel/drivers/usb/storage/usb-storage.ko" -> "usb_storage", as the kernel calls it.
std::string module_name(const std::string& path) {
  std::string name = path.substr(path.rfind('/') + 1);
  name.resize(std::min(name.find(".ko"), name.size()));
  std::ranges::replace(name, '-', '_');
  return name;
}

Result<std::string> kernel_version(const std::string& directory) {
  std::filesystem::path path = std::filesystem::path(directory).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  std::string name = path.filename().string();
  if (!name.empty() && name[0] >= '0' && name[0] <= '9') return name;
  return advise(fail_at({directory, {}}, Code::bad_input, "is not named after a kernel version"),
                "name the folder lib/modules/VERSION itself");
}

// A tree moved below `prefix`.
class PrefixedReader : public archive::Reader {
 public:
  PrefixedReader(std::unique_ptr<archive::Reader> inner, std::string prefix)
      : inner_(std::move(inner)), prefix_(std::move(prefix)) {}

  Result<std::optional<archive::Entry>> next() override {
    while (auto entry = TRY(inner_->next())) {
      if (entry->path == "build" || entry->path == "source") continue;
      entry->path = entry->path.empty() ? prefix_ : prefix_ + "/" + entry->path;
      entry->uid = entry->gid = 0;
      if (entry->type == archive::EntryType::hard_link) {
        entry->link_target = prefix_ + "/" + entry->link_target;
      }
      return entry;
    }
    return std::nullopt;
  }
  Result<std::size_t> read(MutableBytes target) override { return inner_->read(target); }

 private:
  std::unique_ptr<archive::Reader> inner_;
  std::string prefix_;
};

class PrefixedSource : public archive::Source {
 public:
  PrefixedSource(archive::SourcePointer inner, std::string prefix)
      : inner_(std::move(inner)), prefix_(std::move(prefix)) {}
  Result<std::unique_ptr<archive::Reader>> open() const override {
    return std::make_unique<PrefixedReader>(TRY(inner_->open()), prefix_);
  }
  std::string name() const override { return inner_->name(); }

 private:
  archive::SourcePointer inner_;
  std::string prefix_;
};

struct Dependencies {
  std::string path;
  std::vector<std::string> needs;  ///< paths
};

// By module name.
std::map<std::string, Dependencies> parse_modules_dep(const std::string& text) {
  std::map<std::string, Dependencies> modules;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::size_t colon = line.find(':');
    if (colon == std::string::npos) continue;
    Dependencies module{.path = line.substr(0, colon), .needs = {}};
    std::istringstream words(line.substr(colon + 1));
    for (std::string word; words >> word;) module.needs.push_back(word);
    modules[module_name(module.path)] = std::move(module);
  }
  return modules;
}

// Paths of `names` and of all that they need. modules.dep lists dependencies of dependencies too.
std::set<std::string> needed_paths(const std::map<std::string, Dependencies>& modules,
                                   const std::vector<std::string>& names) {
  std::set<std::string> paths;
  for (const std::string& name : names) {
    auto found = modules.find(module_name(name));
    if (found == modules.end()) continue;
    paths.insert(found->second.path);
    paths.insert(found->second.needs.begin(), found->second.needs.end());
  }
  return paths;
}

}  // namespace

std::vector<std::string> modules_to_load(std::vector<std::string> names) {
  for (const char* name : kFileSystemModules) {
    if (std::ranges::find(names, module_name(name), module_name) == names.end()) {
      names.emplace_back(name);
    }
  }
  return names;
}

Result<archive::SourcePointer> modules_tree(const std::string& directory, const std::string& prefix,
                                            const Env& env) {
  std::string version = TRY(kernel_version(directory));
  return std::make_shared<PrefixedSource>(TRY(archive::open_source(directory, env)),
                                          prefix + "/" + version);
}

Status add_needed_modules(archive::MemoryTree& tree, const std::string& directory,
                          const std::vector<std::string>& names, const Env& env) {
  std::string root = "lib/modules/" + TRY(kernel_version(directory));
  std::filesystem::path host(directory);
  auto text = read_text_file((host / "modules.dep").string(), env, kLongestModulesDep);
  if (!text) {
    text.error().hint = "depmod makes modules.dep";
    return std::unexpected(std::move(text).error());
  }
  std::set<std::string> folders;
  auto add_parents = [&](const std::string& path) {
    for (std::size_t at = path.find('/'); at != std::string::npos; at = path.find('/', at + 1)) {
      if (folders.insert(path.substr(0, at)).second) tree.add_directory(path.substr(0, at));
    }
  };
  add_parents(root + "/modules.dep");
  tree.add_text(root + "/modules.dep", *text);
  for (const std::string& listed : needed_paths(parse_modules_dep(*text), names)) {
    std::string path = TRY(archive::normalise_path(listed));
    add_parents(root + "/" + path);
    TRY(tree.add_file(root + "/" + path, (host / path).string(), 0644, env));
  }
  return {};
}

}  // namespace trxkit::rootfs
