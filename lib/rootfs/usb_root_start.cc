// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/rootfs/usb_root_start.h"

#include <array>
#include <utility>

#include "lib/rootfs/led.h"
#include "lib/rootfs/template.h"

namespace trxkit::rootfs {
namespace {

using archive::EntryType;

// Where things are mounted that the initramfs hands over, with the modes that they have in OpenWrt.
constexpr std::pair<std::string_view, std::uint32_t> kFolders[] = {
    {"dev", 0755},  {"proc", 0755}, {"sys", 0755},
    {"tmp", 01777}, {"mnt", 0755},  {"mnt/usbboot", 0755}};

constexpr std::array kCommands{"usbboot-say",  "usbboot-ok",     "usbboot-end",
                               "usbboot-halt", "usbboot-switch", "usbboot-reset"};

class Starter {
 public:
  explicit Starter(UsbRootWork& work) : work_(work) {}

  Status run(const std::string& led) {
    TRY(add_init());
    add_folders();
    for (const char* command : kCommands) {
      TRY(work_.add(fmt::format("usr/sbin/{}", command), command, 0755, "added"));
    }
    TRY(add_led(work_.tree, led, work_.env));
    work_.note("etc/usbboot", "added: the status LED, for usbboot-say");
    switch (work_.survey.kind) {
      case RootKind::openwrt_sh:
      case RootKind::openwrt_procd:
        return enable_in_openwrt();
      case RootKind::debian:
        return enable_in_debian();
      case RootKind::plain:
        return enable_in_busybox();
    }
    return {};
  }

 private:
  Status add_where_missing(const std::string& path, const std::string& source, std::uint32_t mode) {
    if (work_.survey.has(work_.survey.place(path))) return {};
    return work_.add(path, source, mode, "added: there was none");
  }

  Status add_init() {
    if (work_.root.init.empty()) work_.root.init = init_of(work_.survey);
    if (!work_.root.init.empty()) return {};
    if (!work_.survey.has(work_.survey.place("bin/busybox")))
      return std::unexpected(no_init(work_.name));
    work_.root.init = "/sbin/init";
    made_init_ = true;
    work_.link("sbin/init", "/bin/busybox");
    return {};
  }

  void add_folders() {
    for (const auto& [path, mode] : kFolders) {
      std::string folder(path);
      bool linked = work_.survey.links.contains("mnt") && path.starts_with("mnt");
      if (work_.survey.has(path) || linked) continue;
      work_.tree.add_directory(folder, mode);
      work_.note(std::move(folder), "added: there was none");
    }
    if (work_.survey.has("dev/console")) return;
    work_.tree.add_device("dev/console", EntryType::character_device, 5, 1, 0600);
    work_.note("dev/console", "added: there was none");
  }

  Status enable_in_openwrt() {
    TRY(work_.add("etc/init.d/usbboot", "openwrt/usbboot", 0755, "added: notes a good start"));
    work_.link("etc/rc.d/S99usbboot", "../init.d/usbboot");
    work_.link("etc/rc.d/K99usbboot", "../init.d/usbboot");
    return {};
  }

  Status enable_in_debian() {
    TRY(add_where_missing("etc/fstab", "debian/fstab", 0644));
    if (work_.has_systemd()) return enable_in_systemd();
    if (work_.survey.has("etc/init.d/rc")) return enable_in_sysvinit();
    return enable_in_busybox();
  }

  Status enable_in_systemd() {
    TRY(work_.add_service("usbboot-ok.service", "added: notes a good start"));
    // Run by systemd-shutdown when all else has ended (systemd-halt.service(8)).
    work_.link("lib/systemd/system-shutdown/usbboot", "/usr/sbin/usbboot-halt");
    return {};
  }

  Status enable_in_sysvinit() {
    TRY(work_.add("etc/init.d/usbboot", "debian/usbboot", 0755, "added: notes a good start"));
    for (int level = 2; level <= 5; ++level) {
      work_.link(fmt::format("etc/rc{}.d/S99usbboot", level), "../init.d/usbboot");
    }
    // Behind "K09umountroot" and before "K10reboot": by its number and its letters.
    for (const std::string& path : work_.survey.paths) {
      std::size_t at = path.find("umountroot");
      if (at == std::string::npos) continue;
      work_.link(path.substr(0, at) + "usbboot", "../init.d/usbboot");
    }
    std::string inittab = work_.survey.text("etc/inittab");
    if (inittab.empty() || inittab.contains("\nT0:") || inittab.contains("getty -L console")) {
      return {};
    }
    replace_inittab(inittab + "T0:2345:respawn:/sbin/getty -L console 115200 vt100\n",
                    "a login on the serial console");
    return {};
  }

  void replace_inittab(std::string text, std::string what) {
    work_.tree.add_text("etc/inittab", std::move(text));
    work_.note("etc/inittab", "changed: " + std::move(what));
  }

  // Whether /sbin/init is a link to busybox, theirs or ours.
  bool busybox_is_init() const {
    auto link = work_.survey.links.find(work_.survey.place("sbin/init"));
    return made_init_ || (link != work_.survey.links.end() && link->second.ends_with("busybox"));
  }

  Status enable_in_busybox() {
    bool own = work_.survey.has("etc/inittab");
    std::string inittab = work_.survey.text("etc/inittab");
    if (own ? !inittab.contains("::sysinit:") : !busybox_is_init()) return cannot_enable();
    TRY(add_where_missing("etc/fstab", "plain/fstab", 0644));
    TRY(add_where_missing("etc/init.d/rcS", "plain/rcS", 0755));
    if (!own) {
      inittab = TRY(load_template("usb-root/plain/inittab", work_.env));
      TRY(add_where_missing("etc/init.d/rcK", "plain/rcK", 0755));
    }
    complete_inittab(inittab, own);
    return {};
  }

  // busybox init runs the lines of one kind in their order.
  void complete_inittab(std::string inittab, bool own) {
    std::string more;
    bool known = !work_.survey.has("etc/init.d/rcS") ||
                 work_.survey.text("etc/init.d/rcS").contains("usbboot-ok");
    if (!known && !inittab.contains("usbboot-ok")) more += "::once:/usr/sbin/usbboot-ok\n";
    bool halts = !own || inittab.contains("usbboot-halt");
    if (!halts) more += "::shutdown:/usr/sbin/usbboot-halt\n";
    if (own && more.empty()) return;
    if (!inittab.ends_with('\n')) inittab += '\n';
    replace_inittab(inittab + more, "notes a good start, leaves the stick clean");
  }

  Status cannot_enable() {
    work_.findings.add(
        "FSR033", {work_.name, {}}, "nothing in the root will note a good start",
        "its init is not one that trxkit knows: let it call /usr/sbin/usbboot-ok at the "
        "end of its start, or the next power-on skips this entry");
    return {};
  }

  UsbRootWork& work_;
  bool made_init_ = false;
};

}  // namespace

Error no_init(const std::string& name) {
  Findings missing;
  missing.add(
      "FSR030", {name, {}}, "the root has no /sbin/init and no busybox to be one",
      "the initramfs would have nothing to start: add an init (Debian: package systemd-sysv "
      "or sysvinit-core), or name yours (--init)");
  return as_error(missing, Code::bad_input);
}

std::string init_of(const RootSurvey& survey) {
  if (survey.kind == RootKind::openwrt_sh && survey.has("etc/preinit")) return "/etc/preinit";
  if (survey.has(survey.place("sbin/init"))) return "/sbin/init";
  return {};
}

Status add_start(UsbRootWork& work, const std::string& led) {
  return Starter(work).run(led);
}

}  // namespace trxkit::rootfs
