// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What one boot entry will be, decided before a byte of it is written: kernel and root opened and
// judged against each other, modules chosen. Knows nothing of the other entries.
#pragma once

#include <string>
#include <vector>

#include "lib/archive/entry.h"
#include "lib/archive/merge.h"
#include "lib/boot/stick.h"
#include "lib/kernel/module_plan.h"
#include "lib/kernel/open.h"
#include "lib/rootfs/initramfs.h"
#include "lib/rootfs/usb_root.h"

namespace trxkit::boot {

/// The smallest journal that ext4 has (4 KiB blocks): a router is switched off by pulling its plug.
inline constexpr std::uint32_t kRootJournalBlocks = 1024;

struct EntryPlan {
  kernel::OpenedKernel kernel;
  kernel::ModulePlan modules = {};  ///< for the initramfs
  rootfs::UsbRoot root = {};        ///< made ready for USB, merged
  archive::MergeSummary root_summary = {};
  std::uint64_t root_size = 0;    ///< bytes of the root image
  std::string root_uuid = {};     ///< of its file system
  std::string root_label = {};    ///< the same
  std::string command_line = {};  ///< without what the initramfs adds
  rootfs::BootEntry entry = {};
  std::vector<ManifestFile> inputs = {};  ///< kernel, root, modules
};

/// Reads the inputs of `entry`, one of those of `request`, once. Names (root_uuid, root_label,
/// entry.medium) are not known yet. Findings that do not forbid the entry go to `findings`; others
/// become the error. Errors: those of write_stick_image().
Result<EntryPlan> plan_entry(const StickRequest& request, const EntryRequest& entry, const Env& env,
                             Findings& findings);

/// The size of a root image for `files` with `free_bytes` and the journal beside them, in bytes.
/// Errors: Code::does_not_fit where the boot partition's file system has no such files.
Result<std::uint64_t> root_image_size(BootFilesystem filesystem, std::uint64_t free_bytes,
                                      const archive::MergeSummary& files);

}  // namespace trxkit::boot
