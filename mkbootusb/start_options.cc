// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "mkbootusb/start_options.h"

namespace trxkit {
namespace {

Result<rootfs::Hook> hook_of(const std::string& text) {
  std::size_t end = text.find('=');
  for (auto stage : {rootfs::HookStage::swap, rootfs::HookStage::root, rootfs::HookStage::mounts}) {
    if (end != std::string::npos && text.substr(0, end) == rootfs::name_of(stage)) {
      return rootfs::Hook{.stage = stage, .file = text.substr(end + 1)};
    }
  }
  return advise(fail(Code::usage, "--hook {}: no stage of the start", text),
                "write swap=FILE, root=FILE or mounts=FILE");
}

}  // namespace

void StartOptions::declare(cli::Verb& verb) {
  verb.text(
          "--root-options", settings.options,
          "mount options of the root (default rw,noatime); \"overlay\" among them puts a RAM disk "
          "over a read-only root")
      .text("--init", settings.init, "the root's init (default /sbin/init)")
      .text("--path", settings.path, "its PATH")
      .list("--env", settings.environment, "another variable of it, NAME=VALUE; repeatable")
      .list("--mount", settings.mounts,
            "\"SOURCE TARGET TYPE OPTIONS\", mounted before it starts; SOURCE: label:L, uuid:U or "
            "as mount has it; repeatable")
      .text("--use-swap", settings.swap,
            "swap: label:L, uuid:U or none (default: label:USBSWAP where there is one)")
      .list("--fsck", checkers,
            "static e2fsck or fsck.fat of the router's processor, for the initramfs; repeatable")
      .flag("--no-fsck", unchecked, "do not check file systems")
      .flag("--rescue", settings.rescue,
            "after a failure in the initramfs a shell on the console, instead of a reboot")
      .text("--network", settings.network,
            "for roots on a server: dhcp (default), or the router's A.B.C.D/N")
      .text("--interface", settings.interface, "its network interface (default eth0)")
      .text("--nbd-client", nbd_client,
            "static nbd-client of the router's processor, for the initramfs: roots nbd:... need it")
      .list("--hook", hooks,
            "shell text that the initramfs sources before a stage: swap=FILE, root=FILE or "
            "mounts=FILE; repeatable");
}

rootfs::StartSettings StartOptions::start() const {
  rootfs::StartSettings made = settings;
  made.check = !unchecked;
  return made;
}

Result<rootfs::InitramfsAdditions> StartOptions::additions() const {
  rootfs::InitramfsAdditions made{
      .checkers = checkers, .hooks = {}, .nbd_client = nbd_client, .resize2fs = {}};
  for (const std::string& hook : hooks) made.hooks.push_back(TRY(hook_of(hook)));
  return made;
}

}  // namespace trxkit
