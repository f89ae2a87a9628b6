// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/rootfs/minimal.h"

#include "lib/rootfs/busybox.h"
#include "lib/rootfs/program.h"

namespace trxkit::rootfs {
namespace {

Result<std::shared_ptr<archive::MemoryTree>> common_tree(const std::string& name,
                                                         const MinimalRequest& request,
                                                         const Env& env) {
  auto tree = TRY(busybox_tree(name, request.busybox, env));
  tree->add_symlink("sbin/init", "../bin/busybox");
  tree->add_text("etc/hostname", request.hostname + "\n");
  tree->add_text("etc/passwd", "root::0:0:root:/root:/bin/sh\n");
  tree->add_text("etc/group", "root:x:0:\n");
  tree->add_text("etc/profile", "PS1='\\u@'\"$(cat /etc/hostname)\"':\\w\\$ '\n");
  if (!request.kexec.empty()) {
    TRY(add_static_program(*tree, "sbin/kexec", request.kexec, env));
  }
  return tree;
}

}  // namespace

Result<archive::SourcePointer> minimal_flash_root(const MinimalRequest& request, const Env& env) {
  auto tree = TRY(common_tree("the rescue root", request, env));
  TRY(add_templates(
      *tree,
      {{"etc/preinit", "flash-root/etc/preinit", 0755}, {"etc/inittab", "flash-root/etc/inittab"}},
      env));
  return tree;
}

Result<archive::SourcePointer> minimal_second_stage(const MinimalRequest& request, const Env& env) {
  auto tree = TRY(common_tree("the second-stage loader", request, env));
  tree->add_directory("etc/usbboot");
  TRY(add_templates(*tree,
                    {{"init", "second-stage/init", 0755},
                     {"etc/preinit", "second-stage/preinit.00", 0755},
                     {"etc/inittab", "flash-root/etc/inittab"},
                     {"etc/usbboot/kexec.sh", "boot/kexec.sh"}},
                    env));
  return tree;
}

Result<archive::SourcePointer> minimal_stick_root(const MinimalRequest& request, const Env& env) {
  auto tree = TRY(common_tree("the minimal stick root", request, env));
  for (const char* folder : {"etc/init.d", "mnt/usbboot", "var"}) tree->add_directory(folder);
  return tree;
}

}  // namespace trxkit::rootfs
