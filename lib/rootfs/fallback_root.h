// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The root that a second-stage loader falls back to: a flash system as it is, and in it the kernel
// that runs it. Nothing of ours starts there: the search has failed before.
#pragma once

#include <filesystem>
#include <string>

#include "lib/archive/entry.h"
#include "lib/board/board.h"
#include "lib/core/finding.h"

namespace trxkit::rootfs {

/// Where templates/second-stage/preinit.00 looks for the kernel in the root of the flash.
inline constexpr std::string_view kFallbackKernel = "boot/fallback/vmlinux.elf";

struct FallbackRootRequest {
  archive::SourcePointer base = {};
  std::string kernel = {};        ///< host path of the kernel; may be compressed
  std::string command_line = {};  ///< of the kernel; empty: the board's
};

/// The base, and over it the kernel at kFallbackKernel, with its command line inside (kexec hands
/// none on to BCM47xx) and without symbols; /dev/console c 5:1 0600 and a 0:0 0755 root directory.
/// The kernel is written to `folder`, which has to outlive the result. Errors: Code::bad_input
/// where the kernel cannot be read or cannot do this work, or takes no `command_line`; Code::io.
/// Findings: ELF0xx on the kernel against the board and this root.
Result<archive::SourcePointer> fallback_root(const FallbackRootRequest& request,
                                             const board::Board& board,
                                             const std::filesystem::path& folder, const Env& env,
                                             Findings& findings);

}  // namespace trxkit::rootfs
