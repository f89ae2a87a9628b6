// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The stick: from a kernel and a root to a /boot tree, and from that to a disk image.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "lib/board/board.h"
#include "lib/core/finding.h"
#include "lib/core/manifest.h"
#include "lib/system/env.h"

namespace trxkit::boot {

enum class BootFilesystem : std::uint8_t { fat32, ext4 };

struct StickRequest {
  board::Board board;
  std::string kernel;   ///< host path of the stick kernel (unstripped ELF)
  std::string rootfs;   ///< host path of the root, any source of entries; empty: minimal
  std::string busybox;  ///< host path of a static busybox for the initramfs
  std::string kexec;    ///< host path of a static kexec for the minimal root; may be empty
  std::string modules_directory;  ///< host path; empty: none
  std::string command_line;       ///< empty: the board's
  std::string entry_name = "default";
  std::string title;
  std::uint64_t free_bytes = 32 << 20;  ///< room left in the root image
  BootFilesystem filesystem = BootFilesystem::fat32;
};

/// Told of each step: name, done, total (bytes; 0: unknown).
using Progress = std::function<void(std::string_view, std::uint64_t, std::uint64_t)>;

struct StickResult {
  BuildManifest manifest;
  std::string embedding;         ///< how the initramfs went into the kernel
  std::string command_line;      ///< of the finished kernel
  std::uint64_t image_size = 0;  ///< bytes
  std::uint64_t root_size = 0;   ///< bytes of the root image
};

/// Writes the whole stick image to `output` (and OUTPUT.manifest.json). Errors as the rooms below;
/// nothing is left behind.
Result<StickResult> write_stick_image(const StickRequest& request, const std::string& output,
                                      const Env& env, const Progress& progress, Findings& findings);

/// Writes the same /boot tree into the folder `directory` (made where missing): DIRECTORY/boot/...
/// New files get their names only when they are complete.
Result<StickResult> write_stick_tree(const StickRequest& request, const std::string& directory,
                                     const Env& env, const Progress& progress, Findings& findings);

}  // namespace trxkit::boot
