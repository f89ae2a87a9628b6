// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What a stick will be, decided before a byte of it is written: inputs opened and judged, ids,
// command line, boot entry.
#pragma once

#include <string>
#include <vector>

#include "lib/archive/entry.h"
#include "lib/archive/merge.h"
#include "lib/boot/ids.h"
#include "lib/boot/stick.h"
#include "lib/kernel/module_plan.h"
#include "lib/kernel/open.h"
#include "lib/rootfs/initramfs.h"
#include "lib/system/file.h"

namespace trxkit::boot {

inline constexpr const char* kBootLabel = "USBBOOT";
inline constexpr const char* kRootLabel = "USBROOT";
/// The smallest journal that ext4 has (4 KiB blocks): a router is switched off by pulling its plug.
inline constexpr std::uint32_t kRootJournalBlocks = 1024;

struct StickPlan {
  kernel::OpenedKernel kernel;
  kernel::ModulePlan modules = {};   ///< for the initramfs
  archive::SourcePointer root = {};  ///< merged
  archive::MergeSummary root_summary = {};
  std::uint64_t root_size = 0;  ///< bytes of the root image
  StickIds ids = {};
  std::string command_line = {};  ///< without what the initramfs adds
  rootfs::BootEntry entry = {};
  std::vector<ManifestFile> inputs = {};
};

/// Reads all inputs once. Findings that do not forbid the stick go to `findings`; others become the
/// error. Errors: those of write_stick_image().
Result<StickPlan> plan_stick(const StickRequest& request, const Env& env, const Progress& progress,
                             Findings& findings);

/// The size of a root image for `files` and the free room and journal beside them, in bytes.
/// Errors: Code::does_not_fit where the boot partition's file system has no such files.
Result<std::uint64_t> root_image_size(const StickRequest& request,
                                      const archive::MergeSummary& files);

/// The request's command line, or the board's, with what it lacks in front: "mem=", since a kernel
/// started by kexec measures the RAM by looking for copies of its own code, and RAM is full of
/// those (linux arch/mips/bcm47xx/prom.c; malta without its loader's memsize assumes 32 MiB); and
/// "panic=10", without which a kernel that panics waits for a hand on the router.
std::string complete_command_line(const StickRequest& request);

}  // namespace trxkit::boot
