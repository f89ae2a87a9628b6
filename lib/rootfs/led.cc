// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/rootfs/led.h"

#include "lib/rootfs/busybox.h"
#include "lib/rootfs/template.h"

namespace trxkit::rootfs {

Status add_led(archive::MemoryTree& tree, const std::string& led, const Env& env) {
  tree.add_text("etc/usbboot/led.conf", fmt::format("LED={}\n", shell_quote(led)));
  return add_templates(tree, {{"etc/usbboot/gpio.sh", "gpio.sh"}, {"etc/usbboot/led.sh", "led.sh"}},
                       env);
}

}  // namespace trxkit::rootfs
