// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/rootfs/usb_root_network.h"

#include "lib/rootfs/template.h"

namespace trxkit::rootfs {
namespace {

struct Replacement {
  const char* path;
  const char* source;  ///< below templates/usb-root
  const char* what;
};

constexpr Replacement kPreinit = {"lib/preinit/98_usbboot_network", "network/98_usbboot_network",
                                  "added: preinit leaves the interface to the root's server alone"};
constexpr Replacement kConfig = {
    "etc/config/network", "network/config",
    "replaced: netifd leaves the interface to the root's server alone"};
constexpr Replacement kInterfaces = {
    "etc/network/interfaces", "network/interfaces",
    "replaced: ifupdown leaves the interface to the root's server alone"};

}  // namespace

Status keep_network(const RootSurvey& survey, archive::MemoryTree& tree, archive::Edits& edits,
                    UsbRoot& root, const Env& env) {
  auto put = [&](const Replacement& file) -> Status {
    if (survey.has(file.path)) {
      edits.renamed[file.path] = fmt::format("{}.before-usbboot", file.path);
    }
    tree.add_text(file.path, TRY(load_template(fmt::format("usb-root/{}", file.source), env)));
    root.changes.push_back({file.path, file.what});
    return {};
  };
  std::string lease = survey.place("usr/sbin/usbboot-lease");
  tree.add_text(lease, TRY(load_template("usb-root/usbboot-lease", env)), 0755);
  root.changes.push_back({lease, "added"});
  if (survey.kind == RootKind::openwrt_sh || survey.kind == RootKind::openwrt_procd) {
    TRY(put(kPreinit));
    return put(kConfig);
  }
  return survey.has(kInterfaces.path) ? put(kInterfaces) : Status{};
}

}  // namespace trxkit::rootfs
