// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/rootfs/wrapper.h"

#include <string_view>

#include "lib/rootfs/busybox.h"
#include "lib/signature/key_files.h"

namespace trxkit::rootfs {
namespace {

// Stands on a line of its own in every version of templates/preinit.
constexpr std::string_view kMarker = "\n# usbboot-preinit:";

}  // namespace

bool is_wrapper(std::string_view preinit) {
  return preinit.contains(kMarker);
}

Result<std::string> router_key_text(const WrapperSettings& settings, const Env& env) {
  return signature::text_of(TRY(signature::read_public_key(settings.public_key, env)),
                            "whose boot scripts and kernels this router takes");
}

Result<std::shared_ptr<archive::MemoryTree>> wrapper_tree(const WrapperSettings& settings,
                                                          const board::Board& board,
                                                          const Env& env) {
  auto tree = std::make_shared<archive::MemoryTree>("the preinit wrapper", env.source_date_epoch);
  tree->add_text("etc/usbboot.conf", TRY(settings_text(settings, board, env)));
  TRY(add_templates(*tree,
                    {{"etc/preinit", "preinit", 0755},
                     {"etc/usbboot/bounded.sh", "bounded.sh"},
                     {"etc/usbboot/modules.sh", "modules.sh"},
                     {"etc/usbboot/gpio.sh", "gpio.sh"},
                     {"etc/usbboot/led.sh", "led.sh"},
                     {"etc/usbboot/skip.sh", "skip.sh"},
                     {"etc/usbboot/usb.sh", "usb.sh"},
                     {"etc/usbboot/pivot.sh", "pivot.sh"},
                     {"etc/usbboot/pivot_mounts.sh", "pivot_mounts.sh"},
                     {"etc/usbboot/tags.sh", "tags.sh"},
                     {"etc/usbboot/mounts.sh", "mounts.sh"},
                     {"etc/usbboot/check.sh", "check.sh"},
                     {"etc/usbboot/e2fsck.conf", "e2fsck.conf"},
                     {"usr/sbin/usbboot-retry", "usbboot-retry", 0755}},
                    env));
  if (settings.overlay_config) {
    TRY(add_templates(*tree, {{"etc/usbboot/overlay.sh", "overlay.sh"}}, env));
  }
  if (!settings.public_key.empty()) {
    tree->add_text("etc/usbboot/key.pub", TRY(router_key_text(settings, env)));
  }
  if (!settings.url.empty() || settings.signed_stick) {
    TRY(add_templates(*tree, {{"etc/usbboot/trust.sh", "trust.sh"}}, env));
  }
  if (!settings.url.empty() || settings.udp) {
    TRY(add_templates(*tree,
                      {{"etc/usbboot/network.sh", "network.sh"},
                       {"etc/usbboot/switch.sh", "switch.sh"},
                       {"etc/usbboot/udhcpc.sh", "udhcpc.sh", 0755}},
                      env));
  }
  return tree;
}

}  // namespace trxkit::rootfs
