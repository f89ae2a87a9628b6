// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/rootfs/wrapper.h"

#include <array>
#include <charconv>

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

// Takes a number of 0..`highest` and the character `end` behind it ('\0': the end) off `text`.
bool take_number(std::string_view& text, unsigned highest, char end) {
  unsigned value = 0;
  const char* last = text.data() + text.size();
  auto [stop, error] = std::from_chars(text.data(), last, value);
  if (error != std::errc{} || value > highest) return false;
  text.remove_prefix(static_cast<std::size_t>(stop - text.data()));
  if (end == '\0') return text.empty();
  if (!text.starts_with(end)) return false;
  text.remove_prefix(1);
  return true;
}

Status check_address(const std::string& address) {
  std::string_view rest = address;
  if (take_number(rest, 255, '.') && take_number(rest, 255, '.') && take_number(rest, 255, '.') &&
      take_number(rest, 255, '/') && take_number(rest, 32, '\0')) {
    return {};
  }
  return advise(fail(Code::usage, "\"{}\" is no address with its network", address),
                "use A.B.C.D/N, for example 192.168.1.1/24");
}

Result<std::string> settings_text(const WrapperSettings& settings, const board::Board& board,
                                  const Env& env) {
  std::string modules;
  for (const std::string& module : modules_to_load(board.modules)) {
    modules += (modules.empty() ? "" : " ") + module;
  }
  return render_template(TRY(load_template("usbboot.conf", env)), "templates/usbboot.conf",
                         {{"BOARD", board.name},
                          {"MODULES", modules},
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
  TRY(add_templates(*tree, {{"etc/preinit", "preinit", 0755}, {"etc/usbboot/usb.sh", "usb.sh"}},
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
