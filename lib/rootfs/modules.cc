// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/rootfs/modules.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include "lib/kernel/module_catalogue.h"

namespace trxkit::rootfs {

std::vector<std::string> modules_to_load(std::vector<std::string> names, std::string_view root) {
  for (std::string& name : kernel::modules_for_root(root)) {
    std::string wanted = kernel::module_name(name);
    if (std::ranges::find(names, wanted, kernel::module_name) == names.end()) {
      names.push_back(std::move(name));
    }
  }
  return names;
}

Status add_modules(archive::MemoryTree& tree, const kernel::ModulePlan& plan,
                   const std::string& prefix) {
  std::string root = TRY(archive::normalise_path(prefix + "/" + plan.release));
  std::set<std::string> folders;
  auto add_parents = [&](const std::string& path) {
    for (std::size_t at = path.find('/', prefix.size() + 1); at != std::string::npos;
         at = path.find('/', at + 1)) {
      if (folders.insert(path.substr(0, at)).second) tree.add_directory(path.substr(0, at));
    }
  };
  add_parents(root + "/modules.dep");
  tree.add_text(root + "/modules.dep", plan.modules_dep());
  for (const kernel::Module& module : plan.modules) {
    std::string path = root + "/" + TRY(archive::normalise_path(module.path));
    add_parents(path);
    tree.add_text(path, module.contents);
  }
  return {};
}

std::vector<std::string> load_order(const kernel::ModulePlan& plan) {
  std::vector<std::string> names;
  for (const kernel::Module& module : plan.modules) {
    names.push_back(std::filesystem::path(module.path).stem().string());
  }
  return names;
}

}  // namespace trxkit::rootfs
