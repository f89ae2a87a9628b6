// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/rootfs/wrapper_settings.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/ranges.h>

#include "lib/core/field_text.h"
#include "lib/rootfs/modules.h"
#include "lib/rootfs/template.h"

namespace trxkit::rootfs {
namespace {

// In the order of OpenWrt's target/linux/brcm47xx/base-files/etc/diag.sh, get_status_led().
constexpr std::array<std::string_view, 4> kStatusLeds{"dmz", "power", "diag", "wps"};

// Whether `url`, behind its scheme, starts with A.B.C.D: preinit asks no name server.
bool names_address(std::string_view url) {
  return ipv4_address(url.substr(0, url.find_first_of(":/"))).has_value();
}

// "http://address[:port]/path": what uclient-fetch and every busybox wget fetch without TLS.
Status check_url(const std::string& url) {
  constexpr std::string_view kScheme = "http://";
  bool plain = url.find_first_of(" \t\r\n\"'\\`$") == std::string::npos;
  if (url.starts_with(kScheme) && plain && names_address(url.substr(kScheme.size()))) return {};
  return advise(fail(Code::usage, "\"{}\" is no URL that the router can fetch from", url),
                "use http://ADDRESS[:PORT]/PATH, for example http://192.168.1.2/boot/BOARD");
}

Status check_address(const std::string& address) {
  std::size_t slash = address.find('/');
  bool network = slash != std::string::npos &&
                 decimal_number(std::string_view(address).substr(slash + 1), 32).has_value();
  if (network && ipv4_address(std::string_view(address).substr(0, slash))) return {};
  return advise(fail(Code::usage, "\"{}\" is no address with its network", address),
                "use A.B.C.D/N, for example 192.168.1.1/24");
}

Status check_network(const WrapperSettings& settings) {
  if (!settings.url.empty()) TRY(check_url(settings.url));
  if (!settings.address.empty()) TRY(check_address(settings.address));
  if (!settings.udp || !settings.address.empty()) return {};
  return advise(
      fail(Code::usage, "messages by UDP need the router's address"),
      "give it with --address A.B.C.D/N; they go to the broadcast address of its network");
}

// What contradicts itself, and a network that nobody has said whom to trust in.
Status check_trust(const WrapperSettings& settings) {
  if (settings.unsigned_network && settings.url.empty()) {
    return fail(Code::usage, "--insecure-unsigned-netboot is for --netboot");
  }
  if (settings.verifies() && settings.public_key.empty()) {
    return advise(
        fail(Code::usage, "{} needs the key that has to have signed",
             settings.signed_stick ? "--require-signed-stick" : "booting from the network"),
        settings.signed_stick ? "--public-key FILE; mkbootusb keygen makes a pair"
                              : "--public-key FILE; mkbootusb keygen makes a pair. On a bench, "
                                "--insecure-unsigned-netboot trusts whoever answers");
  }
  if (!settings.public_key.empty() && !settings.verifies()) {
    return advise(
        fail(Code::usage, "nothing would be checked with the key {}", settings.public_key),
        "leave out --insecure-unsigned-netboot, or use --require-signed-stick as well");
  }
  if (settings.minimum_build && !settings.verifies()) {
    return fail(Code::usage, "--minimum-build is for what has to be signed");
  }
  if (settings.minimum_build.value_or(0) <= kHighestBuild) return {};
  return fail(Code::usage, "build numbers go from 0 to {}", kHighestBuild);
}

Result<std::string> seconds(std::optional<std::uint64_t> value, std::uint64_t preset,
                            std::uint64_t lowest, std::uint64_t highest, std::string_view what) {
  std::uint64_t wanted = value.value_or(preset);
  if (wanted >= lowest && wanted <= highest) return std::to_string(wanted);
  return fail(Code::usage, "{} of {} seconds: {} to {} are possible", what, wanted, lowest,
              highest);
}

Result<std::string> skip_key(const std::string& key) {
  bool single = key.size() == 1 && key.front() > ' ' && key.front() <= '~';
  if (key == "any" || key == "none" || single) return key;
  return advise(fail(Code::usage, "\"{}\" is no key that skips", key),
                "use any, none, or one character");
}

bool is_line(std::string_view text) {
  constexpr std::string_view kStart = "gpio:";
  if (!text.starts_with(kStart)) return false;
  text.remove_prefix(kStart.size());
  std::size_t colon = std::min(text.find(':'), text.size());
  std::string_view level = text.substr(colon);
  return decimal_number(text.substr(0, colon), 999) && (level == ":low" || level == ":high");
}

std::string line_of(const board::Gpio& gpio) {
  return fmt::format("gpio:{}:{}", gpio.number, gpio.active_low ? "low" : "high");
}

std::vector<board::Gpio> gpios_of(const board::Board& board, bool buttons) {
  std::vector<board::Gpio> found;
  std::ranges::copy_if(board.gpios, std::back_inserter(found),
                       [buttons](const board::Gpio& gpio) { return gpio.button == buttons; });
  return found;
}

std::string names_of(const std::vector<board::Gpio>& gpios) {
  std::vector<std::string> names;
  std::ranges::transform(gpios, std::back_inserter(names), &board::Gpio::name);
  return names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "));
}

Result<std::string> skip_buttons(const std::vector<std::string>& wanted,
                                 const board::Board& board) {
  std::vector<board::Gpio> buttons = gpios_of(board, true);
  std::vector<std::string> lines;
  if (wanted.empty() || wanted == std::vector<std::string>{"any"}) {
    std::ranges::transform(buttons, std::back_inserter(lines), line_of);
    return fmt::format("{}", fmt::join(lines, " "));
  }
  if (wanted == std::vector<std::string>{"none"}) return "none";
  for (const std::string& word : wanted) {
    auto named = std::ranges::find(buttons, word, &board::Gpio::name);
    if (named == buttons.end() && !is_line(word)) {
      return advise(fail(Code::usage, "{} has no button called \"{}\"", board.name, word),
                    fmt::format("use any or none alone, gpio:N:low, gpio:N:high, or of the board's "
                                "own: {}",
                                names_of(buttons)));
    }
    lines.push_back(named == buttons.end() ? word : line_of(*named));
  }
  return fmt::format("{}", fmt::join(lines, " "));
}

Result<std::string> status_led(const std::string& wanted, const board::Board& board) {
  if (wanted == "auto") return automatic_led(board);
  if (wanted == "none" || is_line(wanted)) return wanted;
  std::vector<board::Gpio> leds = gpios_of(board, false);
  auto named = std::ranges::find(leds, wanted, &board::Gpio::name);
  if (named != leds.end()) return wanted + " " + line_of(*named);
  constexpr std::string_view kNameCharacters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:_-.";
  bool plain = wanted.find_first_not_of(kNameCharacters) == std::string::npos;
  if (!wanted.empty() && plain && !wanted.starts_with("gpio:")) return wanted;
  return advise(
      fail(Code::usage, "\"{}\" is no LED", wanted),
      fmt::format("use auto, none, gpio:N:low, gpio:N:high, part of the kernel's name for "
                  "one, or of the board's own: {}",
                  names_of(leds)));
}

}  // namespace

// The kernel's LEDs by name first: those that it has registered are none of sysfs's GPIO lines.
std::string automatic_led(const board::Board& board) {
  std::vector<std::string> words(kStatusLeds.begin(), kStatusLeds.end());
  std::vector<board::Gpio> leds = gpios_of(board, false);
  for (std::string_view name : kStatusLeds) {
    auto led = std::ranges::find_if(
        leds, [name](const board::Gpio& gpio) { return gpio.name.contains(name); });
    if (led == leds.end()) continue;
    words.push_back(line_of(*led));
    break;
  }
  return fmt::format("{}", fmt::join(words, " "));
}

Result<std::string> settings_text(const WrapperSettings& settings, const board::Board& board,
                                  const Env& env) {
  TRY(check_network(settings));
  TRY(check_trust(settings));
  std::vector<std::string> modules = settings.modules;
  // The stick may have a root image on FAT or ext4.
  if (modules.empty()) modules = modules_to_load(board.modules, "image:");
  return render_template(
      TRY(load_template("usbboot.conf", env)), "templates/usbboot.conf",
      {{"BOARD", board.name},
       {"MODULES", fmt::format("{}", fmt::join(modules, " "))},
       {"USB_WAIT", TRY(seconds(settings.usb_wait, 5, 0, 120, "a wait for USB"))},
       {"DISK_WAIT", TRY(seconds(settings.disk_wait, 10, 0, 120, "a wait for the disk"))},
       {"SCRIPT_WAIT", TRY(seconds(settings.script_wait, 600, 10, 3600, "a wait for boot.sh"))},
       {"SKIP_KEY", TRY(skip_key(settings.skip_key))},
       {"SKIP_BUTTON", TRY(skip_buttons(settings.skip_buttons, board))},
       {"LED", TRY(status_led(settings.led, board))},
       {"UDP", settings.udp ? "yes" : "no"},
       {"OVERLAY_CONFIG", settings.overlay_config ? "y" : "n"},
       {"INTERFACE", board.interface},
       {"SWITCH_PORTS", fmt::format("{}", fmt::join(board.switch_ports, " "))},
       {"MINIMUM_BUILD", std::to_string(settings.minimum_build.value_or(0))},
       {"SIGNED_STICK", settings.signed_stick ? "yes" : "no"},
       {"UNSIGNED_NETWORK", settings.unsigned_network ? "yes" : "no"},
       {"URL", settings.url},
       {"IP", settings.address}});
}

}  // namespace trxkit::rootfs
