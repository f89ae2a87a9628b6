// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/rootfs/usb_root.h"

#include <algorithm>
#include <utility>

#include <fmt/ranges.h>

#include "lib/archive/edit.h"
#include "lib/archive/merge.h"
#include "lib/archive/path.h"
#include "lib/rootfs/flash_writers.h"
#include "lib/rootfs/template.h"
#include "lib/rootfs/usb_root_network.h"
#include "lib/rootfs/usb_root_start.h"
#include "lib/rootfs/usb_root_survey.h"
#include "lib/rootfs/wrapper.h"

namespace trxkit::rootfs {
namespace {

constexpr const char* kFstab = "etc/config/fstab";

std::string name_in(std::string_view path) {
  return std::string(path.substr(path.rfind('/') + 1));
}

// `text` with the values of the options that mount what was not asked for set to 0.
std::string without_automatic_mounts(std::string text) {
  for (std::string_view option : {"anon_mount", "auto_mount"}) {
    for (std::size_t at = text.find(option); at != std::string::npos;
         at = text.find(option, at + 1)) {
      std::size_t value = text.find_first_not_of(" \t'\"", at + option.size());
      if (value != std::string::npos && text[value] == '1') text[value] = '0';
    }
  }
  return text;
}

class Guardian {
 public:
  explicit Guardian(UsbRootWork& work) : work_(work) {}

  Status run() {
    for (const std::string& path : work_.survey.paths) {
      if (auto writer = flash_writer(path)) TRY(guard(path, *writer));
    }
    for (const StartScript& script : work_.survey.scripts) judge(script);
    take_out_wrapper();
    take_out_start_order();
    guard_automatic_mounts();
    return {};
  }

 private:
  void drop(const std::string& path, std::string_view why) {
    work_.edits.dropped.insert(path);
    work_.note(path, why);
  }

  Status guard(const std::string& path, const FlashWriter& writer) {
    if (writer.guard == Guard::drop) {
      drop(path, writer.why);
      return {};
    }
    if (writer.guard == Guard::wrap) {
      if (leads_to_namesake(path)) return {};
      keep(path);
    }
    return work_.add(path, std::string(writer.replacement), 0755, writer.why);
  }

  // A link to a program of the same name, which gets a guard of its own.
  bool leads_to_namesake(const std::string& path) const {
    auto link = work_.survey.links.find(path);
    return link != work_.survey.links.end() && name_in(link->second) == name_in(path);
  }

  void keep(const std::string& path) {
    std::string name = name_in(path);
    work_.edits.renamed[path] = fmt::format("{}/{}", kKeptPrograms, name);
    if (name != "block") return;
    // The same program under other names (fstools: Makefile of block-mount).
    for (const auto& [other, target] : work_.survey.links) {
      std::string alias = name_in(other);
      bool swap = alias == "swapon" || alias == "swapoff";
      if (swap && name_in(target) == name) {
        work_.tree.add_symlink(fmt::format("{}/{}", kKeptPrograms, alias), name);
      }
    }
  }

  void judge(const StartScript& script) {
    if (work_.edits.dropped.contains(script.path) || flash_writer(script.path)) return;
    for (const std::string& hook : script.root_hooks) {
      work_.findings.add(
          "FSR032", {work_.name, {}},
          fmt::format("/{} has {} run when the flash's overlay was mounted; on USB there "
                      "is none, and it is not run",
                      script.path, archive::shown(hook)),
          "what it does for the root on USB belongs into another hook");
    }
    if (script.writes.empty()) return;
    if (!script.path.starts_with("lib/preinit/")) {
      drop(script.path, fmt::format("left out: it writes the flash ({})", script.writes));
      return;
    }
    work_.findings.add(
        "FSR031", {work_.name, {}},
        fmt::format("/{} may write the flash ({}) and is not known", script.path, script.writes),
        "it stays, because the start may need it; most of what it could call refuses");
  }

  // The root of a flash image on a stick would look for a stick again.
  void take_out_wrapper() {
    const RootSurvey& survey = work_.survey;
    if (!survey.has("etc/preinit.00") || !is_wrapper(survey.text("etc/preinit"))) return;
    work_.edits.dropped.insert({"etc/preinit", "etc/usbboot.conf", "etc/usbboot"});
    work_.edits.renamed["etc/preinit.00"] = "etc/preinit";
    work_.note("etc/preinit", "the original again: trxkit's is for the flash");
    work_.findings.add("FSR035", {work_.name, {}},
                       "the root carries the preinit of a flash root; its original was put back",
                       "on USB it would look for a stick again");
  }

  // Where these are, Debian's rc runs what they name and no other script of rcN.d (startpar(8)).
  // Without them it goes by the numbers; insserv(8) makes them anew, with ours in them.
  void take_out_start_order() {
    for (std::string_view stage : {"boot", "start", "stop"}) {
      std::string path = fmt::format("etc/init.d/.depend.{}", stage);
      if (!work_.survey.has(path)) continue;
      drop(path, "left out: usbboot is not in it; Debian makes it anew");
    }
  }

  // Without settings, fstools makes its own at the first start and mounts what it finds.
  void guard_automatic_mounts() {
    bool fstools = work_.survey.has("sbin/block") || work_.survey.has("usr/sbin/block");
    if (!work_.survey.has(kFstab)) {
      if (!fstools) return;
      work_.tree.add_text(kFstab,
                          "config global\n\toption anon_mount '0'\n\toption auto_mount '0'\n");
      work_.note(kFstab, "added: nothing is mounted unasked");
      return;
    }
    std::string before = work_.survey.text(kFstab);
    std::string after = without_automatic_mounts(before);
    if (after == before) return;
    work_.tree.add_text(kFstab, std::move(after));
    work_.note(kFstab, "changed: nothing is mounted unasked");
  }

  UsbRootWork& work_;
};

// What is left of the root's own init and writers when nothing may be changed.
Status look_only(const RootSurvey& survey, const std::string& name, UsbRoot& root,
                 Findings& findings) {
  if (root.init.empty()) root.init = init_of(survey);
  if (root.init.empty()) return std::unexpected(no_init(name));
  std::vector<std::string> writers;
  for (const std::string& path : survey.paths) {
    if (flash_writer(path)) writers.push_back("/" + path);
  }
  if (writers.empty()) return {};
  findings.add(
      "FSR034", {name, {}},
      fmt::format("the root is taken as it is, with {} programs and scripts that write the "
                  "flash: {}",
                  writers.size(), fmt::join(writers, ", ")),
      "only a kernel without MTD keeps them from it");
  return {};
}

}  // namespace

std::string_view name_of(RootKind kind) {
  switch (kind) {
    case RootKind::openwrt_sh:
      return "OpenWrt before procd";
    case RootKind::openwrt_procd:
      return "OpenWrt with procd";
    case RootKind::debian:
      return "Debian";
    case RootKind::plain:
      break;
  }
  return "a root of its own kind";
}

Result<UsbRoot> usb_root(const archive::SourcePointer& source, const UsbRootOptions& options,
                         const Env& env, Findings& findings) {
  RootSurvey survey = TRY(survey_root(*source));
  UsbRoot root{.kind = survey.kind, .version = survey.version, .init = options.init};
  std::string name = source->name();
  if (options.as_is) {
    TRY(look_only(survey, name, root, findings));
    root.tree = source;
    return root;
  }
  auto ours = std::make_shared<archive::MemoryTree>("what USB needs", env.source_date_epoch);
  UsbRootWork work{survey, name, *ours, root, env, findings};
  TRY(Guardian(work).run());
  TRY(add_start(work, options.led));
  if (options.on_server) TRY(keep_network(work));
  std::ranges::sort(root.changes, {}, &RootChange::path);
  root.tree = TRY(archive::merge({archive::edit(source, std::move(work.edits)), std::move(ours)},
                                 {.latest_time = env.source_date_epoch, .filter = {}}, findings));
  return root;
}

}  // namespace trxkit::rootfs
