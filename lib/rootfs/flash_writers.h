// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Everything in an OpenWrt, Debian or busybox root that writes the router's flash by itself or on a
// user's word, and what is put in its place on USB. One table; docs/usb-root.md explains it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace trxkit::rootfs {

enum class Guard : std::uint8_t {
  drop,     ///< left out
  replace,  ///< by a template; the original is gone
  wrap,     ///< by a template; the original goes to kKeptPrograms under its own name
};

/// Folder, relative, of programs that a template stands in front of.
inline constexpr std::string_view kKeptPrograms = "usr/lib/usbboot";

struct FlashWriter {
  Guard guard = Guard::drop;
  std::string_view replacement = {};  ///< below templates/usb-root; empty: dropped
  std::string_view why = {};          ///< for the list of changes
};

/// What becomes of the file `path` (normalised), by its name alone; nothing where it is none that
/// writes the flash.
std::optional<FlashWriter> flash_writer(std::string_view path);

/// The first words in a shell script that write the flash ("mtd erase", "nvram commit"); empty
/// where there are none. Comments do not count.
std::string flash_writing_words(std::string_view script);

}  // namespace trxkit::rootfs
