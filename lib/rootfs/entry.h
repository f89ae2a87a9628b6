// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// A boot entry: what boot.sh and the initramfs' /init are told about one system, as "key value"
// lines. docs/boot-chain.md explains the keys; nothing is judged here.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace trxkit::rootfs {

/// How /init starts the system of an entry. Each value is one line; empty: /init's default.
struct StartSettings {
  std::string options = "rw,noatime";         ///< mount options of the root; "overlay" among them
  std::string init = "/sbin/init";            ///< the program that becomes process 1
  std::string path = {};                      ///< its PATH
  std::vector<std::string> environment = {};  ///< its other variables, "NAME=VALUE"
  std::vector<std::string> mounts = {};       ///< before it starts: "SOURCE TARGET TYPE OPTIONS"
  std::string swap = {};                      ///< "label:L", "uuid:U" or "none"
  /// For roots on a server: "dhcp" (empty: the same) or the router's "A.B.C.D/N".
  std::string network = {};
  std::string interface = {};  ///< to that server; empty: eth0
  bool check = true;           ///< file systems, by the checkers that the initramfs has
  bool rescue = false;         ///< a shell on the console after a failure, instead of a reboot
};

/// What /init reads from /etc/entry.conf, and boot.sh from /boot/entries/NAME.conf.
struct BootEntry {
  std::string name = {};   ///< of the entry, [a-z0-9-]+
  std::string title = {};  ///< for the console
  /// UUID of the boot partition, as findfs wants it, or "label:L"; empty: there is none.
  std::string medium = {};
  /// "image:PATH", "label:L", "uuid:U", "tmpfs:PATH", "nbd:HOST[:PORT]/EXPORT", "nfs:HOST:/PATH",
  /// "http://HOST[:PORT]/PATH"
  std::string root = {};
  std::string root_sha256 = {};  ///< of a root that nobody writes; empty otherwise
  std::string grow = {};  ///< "uuid:U": /init lets that partition grow to the end of its disk
  StartSettings start = {};
  unsigned priority = 100;
};

/// The "key value" lines of `entry` as they stand in /boot/entries/NAME.conf, plus those of
/// `more` (kernel, kernel-sha256).
std::string entry_text(const BootEntry& entry,
                       const std::vector<std::pair<std::string, std::string>>& more);

}  // namespace trxkit::rootfs
