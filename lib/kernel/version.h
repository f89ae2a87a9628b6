// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Which Linux a kernel is, out of its banner.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace trxkit::kernel {

struct KernelVersion {
  unsigned major = 0;
  unsigned minor = 0;
  auto operator<=>(const KernelVersion&) const = default;
};

/// What "uname -r" prints and the folder of the modules is called: "6.1.0-13-4kc-malta" of "Linux
/// version 6.1.0-13-4kc-malta (...". Empty where the banner is none.
std::string release_of(std::string_view banner);

/// 6.1 of "6.1.0-13-4kc-malta", or nothing.
std::optional<KernelVersion> version_of(std::string_view release);

/// Whether the banner names OpenWrt or LEDE as the builder or the compiler: such kernels carry
/// OpenWrt's patches.
bool is_openwrt(std::string_view banner);

}  // namespace trxkit::kernel
