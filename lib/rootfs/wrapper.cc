// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/rootfs/wrapper.h"

#include <algorithm>
#include <string_view>

#include <fmt/ranges.h>

#include "lib/rootfs/busybox.h"
#include "lib/rootfs/modules.h"
#include "lib/rootfs/template.h"

namespace trxkit::rootfs {
namespace {

// Stands on a line of its own in every version of templates/preinit.
constexpr std::string_view kMarker = "\n# usbboot-preinit:";

// "http://host[:port]/path": what uclient-fetch and every busybox wget fetch without TLS.
Status check_url(const std::string& url) {
  constexpr std::string_view kScheme = "http://";
  bool plain = url.find_first_of(" \t\r\n\"'\\`$") == std::string::npos;
  if (url.starts_with(kScheme) && url.size() > kScheme.size() && plain) return {};
  return advise(fail(Code::usage, "\"{}\" is no URL that the router can fetch from", url),
                "use http://ADDRESS[:PORT]/PATH, for example http://192.168.1.2/boot/BOARD");
}

// Whether `text` is a number of up to three digits and at most `highest`.
bool is_number(std::string_view text, unsigned highest) {
  unsigned value = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return false;
    value = value * 10 + static_cast<unsigned>(c - '0');
  }
  return !text.empty() && text.size() <= 3 && value <= highest;
}

Status check_address(const std::string& address) {
  std::string_view rest = address;
  bool good = true;
  for (char separator : {'.', '.', '.', '/'}) {
    std::size_t end = std::min(rest.find(separator), rest.size());
    good = good && end < rest.size() && is_number(rest.substr(0, end), 255);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (good && is_number(rest, 32)) return {};
  return advise(fail(Code::usage, "\"{}\" is no address with its network", address),
                "use A.B.C.D/N, for example 192.168.1.1/24");
}

Result<std::string> settings_text(const WrapperSettings& settings, const board::Board& board,
                                  const Env& env) {
  std::vector<std::string> modules = settings.modules;
  // The stick may have a root image on FAT or ext4.
  if (modules.empty()) modules = modules_to_load(board.modules, "image:");
  return render_template(TRY(load_template("usbboot.conf", env)), "templates/usbboot.conf",
                         {{"BOARD", board.name},
                          {"MODULES", fmt::format("{}", fmt::join(modules, " "))},
                          {"INTERFACE", board.interface},
                          {"URL", settings.url},
                          {"IP", settings.address}});
}

}  // namespace

bool is_wrapper(std::string_view preinit) {
  return preinit.contains(kMarker);
}

Result<std::shared_ptr<archive::MemoryTree>> wrapper_tree(const WrapperSettings& settings,
                                                          const board::Board& board,
                                                          const Env& env) {
  if (!settings.url.empty()) TRY(check_url(settings.url));
  if (!settings.address.empty()) TRY(check_address(settings.address));
  auto tree = std::make_shared<archive::MemoryTree>("the preinit wrapper", env.source_date_epoch);
  tree->add_text("etc/usbboot.conf", TRY(settings_text(settings, board, env)));
  TRY(add_templates(*tree,
                    {{"etc/preinit", "preinit", 0755},
                     {"etc/usbboot/usb.sh", "usb.sh"},
                     {"etc/usbboot/pivot.sh", "pivot.sh"},
                     {"usr/sbin/usbboot-retry", "usbboot-retry", 0755}},
                    env));
  if (!settings.url.empty()) {
    TRY(add_templates(
        *tree,
        {{"etc/usbboot/network.sh", "network.sh"}, {"etc/usbboot/udhcpc.sh", "udhcpc.sh", 0755}},
        env));
  }
  return tree;
}

}  // namespace trxkit::rootfs
