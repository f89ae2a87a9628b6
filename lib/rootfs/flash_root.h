// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The flash root: a base root with our /etc/preinit in front of its own.
#pragma once

#include <string>
#include <vector>

#include "lib/archive/entry.h"
#include "lib/board/board.h"
#include "lib/core/finding.h"
#include "lib/system/env.h"

namespace trxkit::rootfs {

struct FlashRootRequest {
  archive::SourcePointer base;
  std::vector<archive::SourcePointer> overlays;  ///< lowest first
  std::string modules_directory;                 ///< host path; empty: none
  std::string netboot_url;                       ///< empty: the network is not tried
};

/// The merged tree, ready for image::write_squashfs(): our preinit at /etc/preinit (and
/// /etc/usbboot.conf), the base's own, byte for byte, at /etc/preinit.00; a base that already
/// carries ours keeps its preinit.00. Errors: Code::bad_input where the base has no /etc/preinit
/// that can be resolved inside it.
Result<archive::SourcePointer> flash_root(const FlashRootRequest& request,
                                          const board::Board& board, const Env& env,
                                          Findings& findings);

}  // namespace trxkit::rootfs
