// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/rootfs/flash_writers.h"

#include <algorithm>
#include <array>

#include "lib/archive/path.h"

namespace trxkit::rootfs {
namespace {

struct Named {
  std::string_view name;
  FlashWriter writer;
};

constexpr FlashWriter kRefused{Guard::replace, "refuse", "refuses: it would write the flash"};

// In any folder of programs.
constexpr auto kPrograms = std::to_array<Named>({
    // OpenWrt package/system/mtd: write, erase, unlock, fixtrx.
    {"mtd", {Guard::wrap, "refuse", "refuses: it would write the flash"}},
    // OpenWrt package/utils/nvram.
    {"nvram", {Guard::wrap, "nvram", "\"commit\" refuses, all else works"}},
    // fstools block.c: "extroot" mounts the flash's overlay read-write.
    {"block", {Guard::wrap, "block", "\"extroot\" refuses, all else works"}},
    // fstools mount_root.c, and its names up to 2014: mount the flash's overlay, or make one.
    {"mount_root", {Guard::replace, "mount_root", "does nothing: the root is the USB root"}},
    {"fs-state", {Guard::replace, "mount_root", "does nothing: the root is the USB root"}},
    // fstools jffs2reset.c: where no overlay is mounted they mark the flash's as erased.
    {"jffs2reset", kRefused},
    {"jffs2mark", kRefused},
    {"factoryreset", kRefused},
    {"firstboot", kRefused},
    {"snapshot", {Guard::drop, "", "left out: it writes the flash"}},
    {"snapshot_tool", {Guard::drop, "", "left out: it writes the flash"}},
    {"sysupgrade", {Guard::replace, "sysupgrade", "saves the flash's settings, refuses all else"}},
    // mtd-utils and busybox.
    {"flash_erase", kRefused},
    {"flash_eraseall", kRefused},
    {"flashcp", kRefused},
    {"flash_unlock", kRefused},
    {"nandwrite", kRefused},
    {"ubiformat", kRefused},
    {"fw_setenv", kRefused},
});

constexpr auto kFiles = std::to_array<Named>({
    // procd's sysupgrade: the check, and what writes once all else has ended.
    {"usr/libexec/validate_firmware_image",
     {Guard::replace, "validate_firmware_image", "says that no image is valid"}},
    {"lib/upgrade/stage2", kRefused},
    {"lib/upgrade/do_stage2", kRefused},
    {"etc/rc.button/reset",
     {Guard::replace, "reset-button", "restarts after a short press, resets nothing"}},
    {"etc/init.d/snapshot", {Guard::drop, "", "left out: it writes the flash"}},
});

constexpr FlashWriter kHook{Guard::drop, "", "left out: it would mount the flash's overlay"};

// Files of /lib/preinit behind their number: OpenWrt package/base-files and package/block-extroot
// up to 12.09, target/linux/brcm47xx/base-files, and all that came later.
constexpr auto kHooks = std::to_array<Named>({
    {"check_for_mtd", kHook},
    {"check_jffs2_ready", kHook},
    {"mount_jffs2", kHook},
    {"merge_overlay_hooks", kHook},
    {"determine_usb_root", kHook},
    {"determine_extroot_sysupgrade", kHook},
    {"pivot_usb_root", kHook},
    {"pivot_jffs2_root", kHook},
    {"mount_no_jffs2", kHook},
    {"move_config", kHook},
    {"mount_root", {Guard::replace, "80_mount_root", "restores saved settings, mounts nothing"}},
    {"failsafe_set_boot_wait_brcm", {Guard::drop, "", "left out: it commits nvram"}},
});

constexpr std::array<std::string_view, 4> kProgramFolders{"bin", "sbin", "usr/bin", "usr/sbin"};

template <typename Table>
std::optional<FlashWriter> look_up(const Table& table, std::string_view name) {
  auto found = std::ranges::find(table, name, &Named::name);
  if (found == table.end()) return std::nullopt;
  return found->writer;
}

// "40_mount_jffs2" is "mount_jffs2".
std::string_view without_number(std::string_view name) {
  std::size_t digits = std::min(name.find_first_not_of("0123456789"), name.size());
  bool numbered = digits > 0 && digits < name.size() && name[digits] == '_';
  return numbered ? name.substr(digits + 1) : name;
}

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

// Whether `line` has `words` with something else on both sides.
bool has_words(std::string_view line, std::string_view words) {
  for (std::size_t at = line.find(words); at != std::string_view::npos;
       at = line.find(words, at + 1)) {
    bool starts = at == 0 || !is_word(line[at - 1]);
    std::size_t end = at + words.size();
    if (starts && (end == line.size() || !is_word(line[end]))) return true;
  }
  return false;
}

// "mtd" reads as well; what follows it within the line decides.
bool writes_by_mtd(std::string_view line) {
  if (!has_words(line, "mtd")) return false;
  constexpr std::array<std::string_view, 7> kVerbs{"write",   "erase",      "unlock",  "fixtrx",
                                                   "refresh", "jffs2write", "fixseama"};
  return std::ranges::any_of(kVerbs, [&](auto verb) { return has_words(line, verb); });
}

}  // namespace

std::optional<FlashWriter> flash_writer(std::string_view path) {
  if (auto found = look_up(kFiles, path)) return found;
  std::string_view folder = archive::parent_of(path);
  std::string_view name = path.substr(folder.empty() ? 0 : folder.size() + 1);
  if (std::ranges::find(kProgramFolders, folder) != kProgramFolders.end()) {
    return look_up(kPrograms, name);
  }
  if (folder == "lib/preinit") return look_up(kHooks, without_number(name));
  if (folder == "etc/rc.d" && name.size() > 3 && name.substr(3) == "snapshot") {
    return FlashWriter{Guard::drop, "", "left out: it writes the flash"};
  }
  return std::nullopt;
}

std::string flash_writing_words(std::string_view script) {
  constexpr std::array<std::string_view, 10> kWords{
      "nvram commit", "jffs2reset",  "jffs2mark",      "factoryreset", "firstboot",
      "fw_setenv",    "flash_erase", "flash_eraseall", "flashcp",      "-t jffs2"};
  while (!script.empty()) {
    std::size_t end = std::min(script.find('\n'), script.size());
    std::string_view line = script.substr(0, end);
    script.remove_prefix(std::min(end + 1, script.size()));
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    if (line.starts_with('#')) continue;
    for (std::string_view words : kWords) {
      if (has_words(line, words)) return std::string(words);
    }
    if (writes_by_mtd(line)) return "mtd";
  }
  return {};
}

}  // namespace trxkit::rootfs
