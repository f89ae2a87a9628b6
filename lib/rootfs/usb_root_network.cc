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

// systemd would end a DHCP client that usbboot-ok.service has started together with that service.
Status keep_lease_in_systemd(UsbRootWork& work) {
  const std::string unit = "usbboot-lease.service", folder = "etc/systemd/system/";
  work.tree.add_text(folder + unit, TRY(load_template("usb-root/debian/" + unit, work.env)));
  work.note(folder + unit, "added: goes on with the lease");
  const std::string link = folder + "multi-user.target.wants/" + unit;
  work.tree.add_symlink(link, "../" + unit);
  work.note(link, "added");
  return {};
}

}  // namespace

Status keep_network(UsbRootWork& work) {
  const RootSurvey& survey = work.survey;
  auto put = [&](const Replacement& file) -> Status {
    if (survey.has(file.path)) {
      work.edits.renamed[file.path] = fmt::format("{}.before-usbboot", file.path);
    }
    std::string text = TRY(load_template(fmt::format("usb-root/{}", file.source), work.env));
    work.tree.add_text(file.path, std::move(text));
    work.note(file.path, file.what);
    return {};
  };
  std::string lease = survey.place("usr/sbin/usbboot-lease");
  work.tree.add_text(lease, TRY(load_template("usb-root/usbboot-lease", work.env)), 0755);
  work.note(std::move(lease), "added");
  if (survey.has(survey.place("lib/systemd/systemd"))) TRY(keep_lease_in_systemd(work));
  if (survey.kind == RootKind::openwrt_sh || survey.kind == RootKind::openwrt_procd) {
    TRY(put(kPreinit));
    return put(kConfig);
  }
  return survey.has(kInterfaces.path) ? put(kInterfaces) : Status{};
}

}  // namespace trxkit::rootfs
