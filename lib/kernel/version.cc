// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/kernel/version.h"

#include <algorithm>
#include <charconv>

namespace trxkit::kernel {
namespace {

constexpr std::string_view kPrefix = "Linux version ";

/// Takes a number from the front of `text`.
std::optional<unsigned> take_number(std::string_view& text) {
  unsigned value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

}  // namespace

std::string release_of(std::string_view banner) {
  if (!banner.starts_with(kPrefix)) return {};
  banner.remove_prefix(kPrefix.size());
  return std::string(banner.substr(0, banner.find(' ')));
}

std::optional<KernelVersion> version_of(std::string_view release) {
  auto major = take_number(release);
  if (!major || !release.starts_with('.')) return std::nullopt;
  release.remove_prefix(1);
  auto minor = take_number(release);
  if (!minor) return std::nullopt;
  return KernelVersion{*major, *minor};
}

bool is_openwrt(std::string_view banner) {
  std::string lower(banner);
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return lower.contains("openwrt") || lower.contains("lede");
}

}  // namespace trxkit::kernel
