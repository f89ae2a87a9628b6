// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What the preinit wrapper in a flash root is told, /etc/usbboot.conf: judged, then rendered. It
// lies in the squashfs, so that nothing that runs on the router can change who may skip and who is
// trusted.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lib/board/board.h"
#include "lib/system/env.h"

namespace trxkit::rootfs {

/// Highest number of a build: old shells compare numbers of 31 bits.
inline constexpr std::uint64_t kHighestBuild = 2147483647;

struct WrapperSettings {
  std::string url = {};      ///< where boot.sh lies, "http://..."; empty: the network is not tried
  std::string address = {};  ///< "A.B.C.D/N" of the router while it asks; empty: DHCP
  std::vector<std::string> modules = {};  ///< to load, in order; empty: the board's
  /// Seconds: for a USB storage interface (0 to 120), for its disk (0 to 120), for boot.sh (10 to
  /// 3600). Not given: 5, 10, 600.
  std::optional<std::uint64_t> usb_wait = {};
  std::optional<std::uint64_t> disk_wait = {};
  std::optional<std::uint64_t> script_wait = {};
  std::string skip_key = "any";  ///< "any", "none", or the one key that skips the search
  /// "any" (the board's), "none", names of the board's buttons, or "gpio:N:low" and "gpio:N:high".
  std::vector<std::string> skip_buttons = {};
  /// "auto", "none", the name of a LED of the board or part of the kernel's name for one, or a line
  /// as above. "auto" follows OpenWrt's etc/diag.sh: the first with dmz, power, diag or wps in its
  /// name.
  std::string led = "auto";
  bool udp = false;             ///< progress as OpenWrt's UDP messages; needs an address
  bool overlay_config = false;  ///< modules and waits from the flash's JFFS2 as well
  /// Host path of the key that has to have signed what a server gives, and sticks where
  /// `signed_stick` says so; it goes to /etc/usbboot/key.pub. Empty: none.
  std::string public_key = {};
  std::optional<std::uint64_t> minimum_build = {};  ///< oldest build taken; not given: any
  bool signed_stick = false;                        ///< sticks have to be signed, too
  bool unsigned_network = false;  ///< whoever answers at `url` is trusted: for the bench alone

  bool operator==(const WrapperSettings&) const = default;
  /// Whether anything is trusted by its signature.
  bool verifies() const { return signed_stick || (!url.empty() && !unsigned_network); }
};

/// What templates/led.sh takes for the status LED of `board`: names of LEDs of the kernel's, then
/// the board's own line.
std::string automatic_led(const board::Board& board);

/// The text of /etc/usbboot.conf. Errors: Code::usage, with a hint, for what cannot be meant;
/// Code::bad_input for a damaged template; Code::io.
Result<std::string> settings_text(const WrapperSettings& settings, const board::Board& board,
                                  const Env& env);

}  // namespace trxkit::rootfs
