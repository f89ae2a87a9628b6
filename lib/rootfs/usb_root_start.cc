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

constexpr std::array kCommands{"usbboot-say", "usbboot-ok", "usbboot-halt", "usbboot-switch",
                               "usbboot-reset"};

class Starter {
 public:
  Starter(const RootSurvey& survey, const std::string& name, archive::MemoryTree& tree,
          UsbRoot& root, const Env& env, Findings& findings)
      : survey_(survey), name_(name), tree_(tree), root_(root), env_(env), findings_(findings) {}

  Status run(const std::string& led) {
    TRY(add_init());
    add_folders();
    for (const char* command : kCommands) {
      TRY(add(fmt::format("usr/sbin/{}", command), command, 0755, "added"));
    }
    TRY(add_led(tree_, led, env_));
    note("etc/usbboot", "added: the status LED, for usbboot-say");
    switch (survey_.kind) {
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
  void note(std::string path, std::string what) {
    root_.changes.push_back({std::move(path), std::move(what)});
  }

  // The template `source` (below usb-root) at `path`.
  Status add(const std::string& path, const std::string& source, std::uint32_t mode,
             std::string what) {
    std::string place = survey_.place(path);
    tree_.add_text(place, TRY(load_template("usb-root/" + source, env_)), mode);
    note(std::move(place), std::move(what));
    return {};
  }

  Status add_where_missing(const std::string& path, const std::string& source, std::uint32_t mode) {
    if (survey_.has(survey_.place(path))) return {};
    return add(path, source, mode, "added: there was none");
  }

  void link(const std::string& path, std::string target) {
    std::string place = survey_.place(path);
    tree_.add_symlink(place, std::move(target));
    note(std::move(place), "added");
  }

  Status add_init() {
    if (root_.init.empty()) root_.init = init_of(survey_);
    if (!root_.init.empty()) return {};
    if (!survey_.has(survey_.place("bin/busybox"))) return std::unexpected(no_init(name_));
    root_.init = "/sbin/init";
    made_init_ = true;
    link("sbin/init", "/bin/busybox");
    return {};
  }

  void add_folders() {
    for (const auto& [path, mode] : kFolders) {
      std::string folder(path);
      bool linked = survey_.links.contains("mnt") && path.starts_with("mnt");
      if (survey_.has(path) || linked) continue;
      tree_.add_directory(folder, mode);
      note(std::move(folder), "added: there was none");
    }
    if (survey_.has("dev/console")) return;
    tree_.add_device("dev/console", EntryType::character_device, 5, 1, 0600);
    note("dev/console", "added: there was none");
  }

  Status enable_in_openwrt() {
    TRY(add("etc/init.d/usbboot", "openwrt/usbboot", 0755, "added: notes a good start"));
    link("etc/rc.d/S99usbboot", "../init.d/usbboot");
    link("etc/rc.d/K99usbboot", "../init.d/usbboot");
    return {};
  }

  Status enable_in_debian() {
    TRY(add_where_missing("etc/fstab", "debian/fstab", 0644));
    if (survey_.has(survey_.place("lib/systemd/systemd"))) return enable_in_systemd();
    if (survey_.has("etc/init.d/rc")) return enable_in_sysvinit();
    return enable_in_busybox();
  }

  Status enable_in_systemd() {
    const std::string unit = "usbboot-ok.service";
    TRY(add("etc/systemd/system/" + unit, "debian/" + unit, 0644, "added: notes a good start"));
    link("etc/systemd/system/multi-user.target.wants/" + unit, "../" + unit);
    // Run by systemd-shutdown when all else has ended (systemd-halt.service(8)).
    link("lib/systemd/system-shutdown/usbboot", "/usr/sbin/usbboot-halt");
    return {};
  }

  Status enable_in_sysvinit() {
    TRY(add("etc/init.d/usbboot", "debian/usbboot", 0755, "added: notes a good start"));
    for (int level = 2; level <= 5; ++level) {
      link(fmt::format("etc/rc{}.d/S99usbboot", level), "../init.d/usbboot");
    }
    // Behind "K09umountroot" and before "K10reboot": by its number and its letters.
    for (const std::string& path : survey_.paths) {
      std::size_t at = path.find("umountroot");
      if (at == std::string::npos) continue;
      link(path.substr(0, at) + "usbboot", "../init.d/usbboot");
    }
    std::string inittab = survey_.text("etc/inittab");
    if (inittab.empty() || inittab.contains("\nT0:") || inittab.contains("getty -L console")) {
      return {};
    }
    replace_inittab(inittab + "T0:2345:respawn:/sbin/getty -L console 115200 vt100\n",
                    "a login on the serial console");
    return {};
  }

  void replace_inittab(std::string text, std::string what) {
    tree_.add_text("etc/inittab", std::move(text));
    note("etc/inittab", "changed: " + std::move(what));
  }

  // Whether /sbin/init is a link to busybox, theirs or ours.
  bool busybox_is_init() const {
    auto link = survey_.links.find(survey_.place("sbin/init"));
    return made_init_ || (link != survey_.links.end() && link->second.ends_with("busybox"));
  }

  Status enable_in_busybox() {
    bool own = survey_.has("etc/inittab");
    std::string inittab = survey_.text("etc/inittab");
    if (own ? !inittab.contains("::sysinit:") : !busybox_is_init()) return cannot_enable();
    TRY(add_where_missing("etc/fstab", "plain/fstab", 0644));
    TRY(add_where_missing("etc/init.d/rcS", "plain/rcS", 0755));
    if (!own) {
      inittab = TRY(load_template("usb-root/plain/inittab", env_));
      TRY(add_where_missing("etc/init.d/rcK", "plain/rcK", 0755));
    }
    complete_inittab(inittab, own);
    return {};
  }

  // busybox init runs the lines of one kind in their order.
  void complete_inittab(std::string inittab, bool own) {
    std::string more;
    bool known =
        !survey_.has("etc/init.d/rcS") || survey_.text("etc/init.d/rcS").contains("usbboot-ok");
    if (!known && !inittab.contains("usbboot-ok")) more += "::once:/usr/sbin/usbboot-ok\n";
    bool halts = !own || inittab.contains("usbboot-halt");
    if (!halts) more += "::shutdown:/usr/sbin/usbboot-halt\n";
    if (own && more.empty()) return;
    if (!inittab.ends_with('\n')) inittab += '\n';
    replace_inittab(inittab + more, "notes a good start, leaves the stick clean");
  }

  Status cannot_enable() {
    findings_.add("FSR033", {name_, {}}, "nothing in the root will note a good start",
                  "its init is not one that trxkit knows: let it call /usr/sbin/usbboot-ok at the "
                  "end of its start, or the next power-on skips this entry");
    return {};
  }

  const RootSurvey& survey_;
  const std::string& name_;
  archive::MemoryTree& tree_;
  UsbRoot& root_;
  const Env& env_;
  Findings& findings_;
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

Status add_start(const RootSurvey& survey, const std::string& name, const std::string& led,
                 archive::MemoryTree& tree, UsbRoot& root, const Env& env, Findings& findings) {
  return Starter(survey, name, tree, root, env, findings).run(led);
}

}  // namespace trxkit::rootfs
