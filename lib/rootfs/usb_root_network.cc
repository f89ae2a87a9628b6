// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/rootfs/usb_root_network.h"

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

Status keep_network(UsbRootWork& work) {
  const RootSurvey& survey = work.survey;
  auto put = [&](const Replacement& file) -> Status {
    if (survey.has(file.path)) {
      work.edits.renamed[file.path] = fmt::format("{}.before-usbboot", file.path);
    }
    return work.add(file.path, file.source, 0644, file.what);
  };
  TRY(work.add("usr/sbin/usbboot-lease", "usbboot-lease", 0755, "added"));
  // systemd would end a DHCP client that usbboot-ok.service has started together with that service.
  if (work.has_systemd()) {
    TRY(work.add_service("usbboot-lease.service", "added: goes on with the lease"));
  }
  if (survey.kind == RootKind::openwrt_sh || survey.kind == RootKind::openwrt_procd) {
    TRY(put(kPreinit));
    return put(kConfig);
  }
  return survey.has(kInterfaces.path) ? put(kInterfaces) : Status{};
}

}  // namespace trxkit::rootfs
