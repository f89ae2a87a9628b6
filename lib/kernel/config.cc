// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/kernel/config.h"

#include "lib/kernel/scan.h"
#include "lib/kernel/unpack.h"

namespace trxkit::kernel {
namespace {

constexpr std::string_view kStart = "IKCFG_ST";
constexpr std::string_view kEnd = "IKCFG_ED";
constexpr std::uint64_t kMaximumPacked = 1 << 20;
constexpr std::uint64_t kMaximumText = 4 << 20;
constexpr unsigned kMaximumTries = 16;  // a kernel has one mark

/// "\"a \\\"b\\\"\"" as kconfig writes strings: without quotes and backslashes.
std::string unquote(std::string_view value) {
  if (value.size() < 2 || value.front() != '"' || value.back() != '"') return std::string(value);
  std::string text;
  for (std::size_t i = 1; i + 1 < value.size(); ++i) {
    if (value[i] == '\\' && i + 2 < value.size()) ++i;
    text.push_back(value[i]);
  }
  return text;
}

}  // namespace

KernelConfig KernelConfig::parse(std::string_view text) {
  constexpr std::string_view kPrefix = "CONFIG_";
  constexpr std::string_view kOff = " is not set";
  KernelConfig config;
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    bool off = line.starts_with("# ") && line.ends_with(kOff);
    if (off) line = line.substr(2, line.size() - 2 - kOff.size());
    if (!line.starts_with(kPrefix)) continue;
    line.remove_prefix(kPrefix.size());
    if (off) {
      config.values_.insert_or_assign(std::string(line), "n");
    } else if (std::size_t equals = line.find('='); equals != std::string_view::npos) {
      config.values_.insert_or_assign(std::string(line.substr(0, equals)),
                                      unquote(line.substr(equals + 1)));
    }
  }
  return config;
}

const std::string* KernelConfig::find(std::string_view option) const {
  auto found = values_.find(option);
  return found == values_.end() ? nullptr : &found->second;
}

bool KernelConfig::built_in(std::string_view option) const {
  const std::string* value = find(option);
  return value != nullptr && *value == "y";
}

bool KernelConfig::enabled(std::string_view option) const {
  const std::string* value = find(option);
  return value != nullptr && (*value == "y" || *value == "m");
}

Result<std::optional<KernelConfig>> read_config(const InputFile& file, const KernelElf& elf) {
  std::optional<KernelConfig> config;
  unsigned tries = 0;
  auto take = [&](std::uint64_t offset) -> Result<bool> {
    if (++tries > kMaximumTries) return true;
    std::uint64_t start = offset + kStart.size();
    FileRange range{start, std::min(kMaximumPacked, file.size() - start)};
    std::string text;
    auto sizes = unpack(file, range, Packing::gzip, kMaximumText, [&](Bytes bytes) -> Status {
      text += as_text(bytes);
      return {};
    });
    if (!sizes && sizes.error().code == Code::io) return std::unexpected(sizes.error());
    if (!sizes) return false;
    auto end = TRY(file.bytes_at(start + sizes->packed, kEnd.size()));
    if (as_text(end) != kEnd) return false;
    config = KernelConfig::parse(text);
    return true;
  };
  static_cast<void>(TRY(find_text(file, elf, kStart, take)));
  return config;
}

}  // namespace trxkit::kernel
