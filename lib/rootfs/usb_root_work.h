// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// A root on its way to USB: what it was found to be, what is added to it and taken out of it, and
// what is said about that. Guards, start and network each do their part of it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "lib/archive/edit.h"
#include "lib/archive/memory.h"
#include "lib/rootfs/usb_root_survey.h"

namespace trxkit::rootfs {

struct UsbRootWork {
  const RootSurvey& survey;
  const std::string& name;    ///< the root's, for messages
  archive::MemoryTree& tree;  ///< what is added, in place of what the root has there
  UsbRoot& root;              ///< its changes are listed here; its init is what will be started
  const Env& env;
  Findings& findings;
  archive::Edits edits = {};  ///< what is left out, and what moves to another name

  /// Lists `what` became of `path`.
  void note(std::string path, std::string_view what);
  /// Adds the template `source` (below templates/usb-root), 0:0 with `mode`, at `path`, or where
  /// folders on its way that are symlinks lead, and lists it. Errors: Code::io.
  Status add(const std::string& path, const std::string& source, std::uint32_t mode,
             std::string_view what);
  /// The same with a symlink to `target`.
  void link(const std::string& path, std::string target);
  /// Adds templates/usb-root/debian/`unit`, which the root's systemd starts. Errors: as add().
  Status add_service(const std::string& unit, std::string_view what);
  /// Whether the root has a systemd to be its init.
  bool has_systemd() const { return survey.has(survey.place("lib/systemd/systemd")); }
};

}  // namespace trxkit::rootfs
