// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/rootfs/initramfs.h"

#include "lib/rootfs/busybox.h"
#include "lib/rootfs/initramfs_additions.h"
#include "lib/rootfs/led.h"
#include "lib/rootfs/modules.h"

namespace trxkit::rootfs {
namespace {

// What templates/initramfs-init sources.
constexpr const char* kParts[] = {"failure", "watchdog",        "entry", "devices",
                                  "check",   "partition_table", "grow",  "medium",
                                  "network", "server_root",     "root",  "hand_over"};

Status add_init(archive::MemoryTree& tree, const Env& env) {
  tree.add_directory("lib");
  tree.add_directory("lib/usbboot");
  std::vector<TemplateFile> files{{"init", "initramfs-init", 0755}};
  for (const char* part : kParts) {
    files.push_back({fmt::format("lib/usbboot/{}.sh", part), fmt::format("initramfs/{}.sh", part)});
  }
  tree.add_directory("etc/usbboot");
  files.push_back({"etc/usbboot/check.sh", "check.sh"});
  files.push_back({"etc/usbboot/e2fsck.conf", "e2fsck.conf"});
  files.push_back({"etc/usbboot/mounts.sh", "mounts.sh"});
  files.push_back({"etc/usbboot/udhcpc.sh", "udhcpc.sh", 0755});
  return add_templates(tree, files, env);
}

}  // namespace

Result<archive::SourcePointer> initramfs_tree(const InitramfsRequest& request, const Env& env) {
  auto tree = TRY(busybox_tree("the initramfs", request.busybox, env));
  tree->add_directory("mnt/root");
  tree->add_directory("mnt/usbboot");
  TRY(add_init(*tree, env));
  tree->add_text("etc/entry.conf", entry_text(request.entry, {}));
  TRY(add_led(*tree, request.led, env));
  if (!request.guard) tree->add_text("etc/boot.conf", "guard no\n");
  if (!request.modules.modules.empty()) {
    std::string list;
    for (const std::string& module : load_order(request.modules)) list += module + "\n";
    tree->add_text("etc/modules", list);
    tree->add_directory("lib/modules");
    TRY(add_modules(*tree, request.modules, "lib/modules"));
  }
  TRY(add_additions(*tree, request.additions, env));
  return tree;
}

}  // namespace trxkit::rootfs
