// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/kernel/elf.h"
#include "lib/kernel/scan.h"

namespace trxkit::kernel {
namespace {

constexpr std::string_view kStart = "Linux version ";
constexpr std::uint64_t kLongest = 512;  // bytes; real ones have about 150

}  // namespace

Result<std::string> find_banner(const InputFile& file, const KernelElf& elf) {
  std::string banner;
  auto take = [&](std::uint64_t offset) -> Result<bool> {
    auto bytes = TRY(file.bytes_at(offset, kLongest));
    std::string_view text = as_text(bytes);
    text = text.substr(0, text.find_first_of(std::string_view("\n\0", 2)));
    // A digit tells the banner from format strings such as "Linux version %s".
    if (text.size() <= kStart.size() || text[kStart.size()] < '0' || text[kStart.size()] > '9') {
      return false;
    }
    banner = text;
    return true;
  };
  static_cast<void>(TRY(find_text(file, elf, kStart, take)));
  return banner;
}

}  // namespace trxkit::kernel
