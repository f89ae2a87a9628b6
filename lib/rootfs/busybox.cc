// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/rootfs/busybox.h"

#include <algorithm>
#include <sstream>

#include "lib/rootfs/program.h"
#include "lib/rootfs/template.h"

namespace trxkit::rootfs {
namespace {

constexpr const char* kFolders[] = {"bin", "dev",  "etc", "mnt", "proc",    "root",
                                    "run", "sbin", "sys", "usr", "usr/bin", "usr/sbin"};

// From a folder of the tree to /bin/busybox: "../../bin/busybox" from usr/bin.
std::string way_to_busybox(const std::string& folder) {
  if (folder == "bin") return "busybox";
  std::string way = "../";
  for (char c : folder) {
    if (c == '/') way += "../";
  }
  return way + "bin/busybox";
}

Status add_applets(archive::MemoryTree& tree, const Env& env) {
  std::istringstream lines(TRY(load_template("applets", env)));
  std::uint32_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (line.starts_with('#')) continue;
    std::istringstream words(line);
    std::string folder;
    words >> folder;
    if (std::ranges::find(kFolders, folder) == std::end(kFolders)) {
      return fail_at({"applets", {}, number, 1}, Code::bad_input, "\"{}\" is no folder for applets",
                     folder);
    }
    for (std::string applet; words >> applet;) {
      tree.add_symlink(folder + "/" + applet, way_to_busybox(folder));
    }
  }
  return {};
}

}  // namespace

Result<std::shared_ptr<archive::MemoryTree>> busybox_tree(const std::string& name,
                                                          const std::string& busybox,
                                                          const Env& env) {
  TRY(check_static_program(busybox, env));
  auto tree = std::make_shared<archive::MemoryTree>(name, env.source_date_epoch);
  tree->add_directory("");
  for (const char* folder : kFolders) tree->add_directory(folder);
  tree->add_directory("tmp", 01777);
  tree->add_device("dev/console", archive::EntryType::character_device, 5, 1, 0600);
  TRY(tree->add_file("bin/busybox", busybox, 0755, env));
  TRY(add_applets(*tree, env));
  return tree;
}

Status add_templates(archive::MemoryTree& tree, const std::vector<TemplateFile>& files,
                     const Env& env) {
  for (const TemplateFile& file : files) {
    tree.add_text(file.path, TRY(load_template(file.source, env)), file.mode);
  }
  return {};
}

}  // namespace trxkit::rootfs
