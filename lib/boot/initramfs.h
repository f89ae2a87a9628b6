// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The initramfs of a stick kernel as a file of its own, for those who build it into their kernel
// (CONFIG_INITRAMFS_SOURCE, OpenWrt's EXTERNAL_CPIO). The kernel is not looked at.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lib/board/board.h"
#include "lib/core/finding.h"
#include "lib/core/manifest.h"
#include "lib/kernel/unpack.h"
#include "lib/rootfs/initramfs.h"
#include "lib/system/env.h"

namespace trxkit::boot {

struct InitramfsFileRequest {
  board::Board board;
  std::string busybox;               ///< host path of a static busybox for the target
  std::vector<std::string> modules;  ///< host paths of what holds the kernel's modules
  /// What /init shall boot. An empty `medium` is the partition with the label USBBOOT, an empty
  /// `root` the entry's image on it.
  rootfs::BootEntry entry;
  rootfs::InitramfsAdditions additions = {};
  kernel::Packing packing = kernel::Packing::none;  ///< none, gzip, xz or lzma
};

struct InitramfsFileResult {
  BuildManifest manifest;
  rootfs::BootEntry entry;  ///< complete
  std::uint64_t size = 0;   ///< bytes of the file
  Findings findings = {};   ///< on the modules: MOD0xx
};

/// Writes the cpio (newc) to `output`, and OUTPUT.manifest.json beside it where `output` is a file.
/// Equal requests give equal bytes. Errors: Code::bad_input (programs, hooks, modules), Code::usage
/// (entry), Code::io; then nothing is left behind.
Result<InitramfsFileResult> write_initramfs_file(const InitramfsFileRequest& request,
                                                 const std::string& output, const Env& env);

/// Writes `tree` as a cpio, packed that way; equal trees give equal bytes.
Status write_initramfs(const archive::Source& tree, kernel::Packing packing, OutputFile& output);

}  // namespace trxkit::boot
