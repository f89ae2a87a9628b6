// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// A root on its way to USB: what it was found to be, what is added to it and taken out of it, and
// what is said about that. Guards, start and network each do their part of it.
#pragma once

#include <string>
#include <string_view>
#include <utility>

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
  void note(std::string path, std::string_view what) {
    root.changes.push_back({std::move(path), std::string(what)});
  }
};

}  // namespace trxkit::rootfs
