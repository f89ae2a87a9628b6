// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/rootfs/usb_root_survey.h"

#include <algorithm>
#include <array>

#include "lib/archive/path.h"
#include "lib/rootfs/flash_writers.h"

namespace trxkit::rootfs {
namespace {

using archive::Entry;
using archive::EntryType;

constexpr std::uint64_t kLongestText = 256 << 10;
// OpenWrt has some fifty of them.
constexpr std::size_t kMostScripts = 4096;

// Whose text is kept.
constexpr auto kTexts = std::to_array<std::string_view>(
    {"etc/openwrt_release", "etc/openwrt_version", "etc/os-release", "usr/lib/os-release",
     "etc/debian_version", "etc/preinit", "etc/inittab", "etc/init.d/rcS", "etc/config/fstab"});

// Whose existence matters, besides those and what flash_writer() knows.
constexpr auto kPaths = std::to_array<std::string_view>({"etc/preinit.00",
                                                         "etc/usbboot.conf",
                                                         "etc/usbboot",
                                                         "etc/fstab",
                                                         "etc/config/network",
                                                         "etc/network/interfaces",
                                                         "sbin/init",
                                                         "usr/sbin/init",
                                                         "bin/init",
                                                         "usr/bin/init",
                                                         "bin/busybox",
                                                         "usr/bin/busybox",
                                                         "sbin/procd",
                                                         "usr/sbin/procd",
                                                         "lib/systemd/systemd",
                                                         "usr/lib/systemd/systemd",
                                                         "etc/init.d/rc",
                                                         "etc/init.d/.depend.boot",
                                                         "etc/init.d/.depend.start",
                                                         "etc/init.d/.depend.stop",
                                                         "sbin/swapon",
                                                         "sbin/swapoff",
                                                         "usr/sbin/swapon",
                                                         "usr/sbin/swapoff",
                                                         "dev",
                                                         "dev/console",
                                                         "proc",
                                                         "sys",
                                                         "tmp",
                                                         "mnt",
                                                         "mnt/usbboot",
                                                         "etc/init.d",
                                                         "lib/preinit"});

bool is_start_script(std::string_view path) {
  std::string_view folder = archive::parent_of(path);
  return folder == "lib/preinit" || folder == "etc/uci-defaults" ||
         folder == "etc/hotplug.d/button";
}

// "etc/rc6.d/K09umountroot" of Debian's sysvinit.
bool is_unmount_link(std::string_view path) {
  return path.ends_with("umountroot") &&
         (path.starts_with("etc/rc0.d/") || path.starts_with("etc/rc6.d/"));
}

template <typename Container>
bool contains(const Container& container, std::string_view path) {
  return std::ranges::find(container, path) != container.end();
}

// The words behind "boot_hook_add preinit_mount_root".
std::vector<std::string> hooks_of(std::string_view script) {
  constexpr std::string_view kHook = "boot_hook_add preinit_mount_root ";
  std::vector<std::string> hooks;
  for (std::size_t at = script.find(kHook); at != std::string_view::npos;
       at = script.find(kHook, at + 1)) {
    std::string_view rest = script.substr(at + kHook.size());
    hooks.emplace_back(rest.substr(0, rest.find_first_of(" \t\r\n;|&")));
  }
  return hooks;
}

// The value of NAME='value' or NAME="value" in the text of an os-release.
std::string setting(std::string_view text, std::string_view name) {
  while (!text.empty()) {
    std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!line.starts_with(name) || line.substr(name.size(), 1) != "=") continue;
    line.remove_prefix(name.size() + 1);
    bool quoted = line.size() >= 2 && (line.front() == '\'' || line.front() == '"');
    return std::string(quoted ? line.substr(1, line.size() - 2) : line);
  }
  return {};
}

class Surveyor {
 public:
  explicit Surveyor(const archive::Source& source) : source_(source) {}

  Result<RootSurvey> run() {
    std::unique_ptr<archive::Reader> reader = TRY(source_.open());
    while (auto entry = TRY(reader->next())) TRY(take(*entry, *reader));
    survey_.kind = kind();
    survey_.version = version();
    return std::move(survey_);
  }

 private:
  Status take(const Entry& entry, archive::Reader& reader) {
    const std::string& path = entry.path;
    if (entry.type == EntryType::symlink && std::ranges::count(path, '/') < 3) {
      survey_.links[path] = entry.link_target;
    }
    bool text = contains(kTexts, path);
    if (text || contains(kPaths, path) || flash_writer(path) || is_unmount_link(path)) {
      survey_.paths.insert(path);
    }
    if (entry.type != EntryType::file) return {};
    if (text) survey_.texts[path] = TRY(read(entry, reader));
    if (is_start_script(path)) TRY(take_script(entry, reader));
    return {};
  }

  Status take_script(const Entry& entry, archive::Reader& reader) {
    if (survey_.scripts.size() >= kMostScripts) return refused("has too many start scripts");
    std::string text = TRY(read(entry, reader));
    survey_.scripts.push_back({entry.path, flash_writing_words(text), hooks_of(text)});
    return {};
  }

  std::unexpected<Error> refused(std::string what) const {
    return fail_at({source_.name(), {}}, Code::bad_input, "{}", what);
  }

  Result<std::string> read(const Entry& entry, archive::Reader& reader) const {
    if (entry.size > kLongestText) {
      return refused(fmt::format("{} is {} bytes long; at most {} are expected",
                                 archive::shown(entry.path), entry.size, kLongestText));
    }
    std::string text(static_cast<std::size_t>(entry.size), '\0');
    MutableBytes rest = std::as_writable_bytes(std::span(text));
    while (!rest.empty()) {
      std::size_t got = TRY(reader.read(rest));
      if (got == 0) return refused(archive::shown(entry.path) + " ends early");
      rest = rest.subspan(got);
    }
    return text;
  }

  RootKind kind() const {
    bool openwrt = survey_.has("etc/openwrt_release") || survey_.has("etc/openwrt_version") ||
                   (survey_.has("lib/preinit") && survey_.has("etc/preinit"));
    bool procd = survey_.has("sbin/procd") || survey_.has("usr/sbin/procd");
    if (openwrt) return procd ? RootKind::openwrt_procd : RootKind::openwrt_sh;
    return survey_.has("etc/debian_version") ? RootKind::debian : RootKind::plain;
  }

  std::string version() const {
    for (auto [file, name] : {std::pair{"etc/openwrt_release", "DISTRIB_DESCRIPTION"},
                              std::pair{"etc/os-release", "PRETTY_NAME"},
                              std::pair{"usr/lib/os-release", "PRETTY_NAME"}}) {
      std::string value = setting(survey_.text(file), name);
      if (!value.empty()) return value;
    }
    return {};
  }

  const archive::Source& source_;
  RootSurvey survey_;
};

}  // namespace

std::string RootSurvey::place(std::string path) const {
  constexpr unsigned kMostLinks = 8;
  unsigned followed = 0;
  for (std::size_t end = path.find('/'); end != std::string::npos; end = path.find('/', end + 1)) {
    auto link = links.find(std::string_view(path).substr(0, end));
    if (link == links.end() || ++followed > kMostLinks) continue;
    std::string_view target = link->second;
    std::string_view folder = archive::parent_of(link->first);
    bool absolute = target.starts_with('/');
    while (target.starts_with('/')) target.remove_prefix(1);
    // Ways up lead to places that only a walk could name; such roots have none among these.
    if (target.contains("..")) continue;
    std::string start = absolute || folder.empty() ? "" : fmt::format("{}/", folder);
    path = fmt::format("{}{}{}", start, target, path.substr(end));
    end = 0;
  }
  return path;
}

std::string RootSurvey::text(std::string_view path) const {
  auto found = texts.find(path);
  return found == texts.end() ? std::string() : found->second;
}

Result<RootSurvey> survey_root(const archive::Source& source) {
  return Surveyor(source).run();
}

}  // namespace trxkit::rootfs
