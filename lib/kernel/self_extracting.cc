// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/kernel/self_extracting.h"

#include "lib/kernel/unpack.h"

namespace trxkit::kernel {
namespace {

using namespace std::string_view_literals;

constexpr std::uint64_t kMaximumUnpacked = 64 << 20;
constexpr unsigned kMaximumTries = 32;
constexpr std::string_view kBanner = "Linux version ";
constexpr std::string_view kMagics[] = {
    "\x1f\x8b\x08"sv, "\xfd\x37zXZ\0"sv,    "\x5d\0\0"sv,        "BZh"sv,
    "\x89LZO\0"sv,    "\x02\x21\x4c\x18"sv, "\x28\xb5\x2f\xfd"sv};

/// Whether the stream holds a banner, damaged behind it or not.
Result<bool> holds_banner(const InputFile& file, FileRange source, Packing packing) {
  bool found = false;
  std::string held;  // the end of the last piece: a banner may lie across two
  auto look = [&](Bytes bytes) -> Status {
    held += as_text(bytes);
    found = found || held.contains(kBanner);
    held.erase(0, held.size() - std::min(held.size(), kBanner.size()));
    return {};
  };
  auto sizes = unpack(file, source, packing, kMaximumUnpacked, look);
  if (!sizes && sizes.error().code == Code::io) return std::unexpected(sizes.error());
  return found;
}

}  // namespace

Result<bool> is_self_extracting(const InputFile& file, const KernelElf& elf) {
  std::uint64_t loaded = 0;
  for (const FileRange& range : loaded_ranges(elf)) loaded += range.size;
  unsigned tries = 0;
  for (std::string_view magic : kMagics) {
    auto try_at = [&](std::uint64_t offset) -> Result<bool> {
      for (const FileRange& range : loaded_ranges(elf)) {
        if (!range_inside(offset, 0, range.offset + range.size) || offset < range.offset) continue;
        std::uint64_t room = range.offset + range.size - offset;
        if (room < loaded / 2 || ++tries > kMaximumTries) return false;
        auto packing = packing_of(TRY(file.bytes_at(offset, 8)));
        if (!packing) return false;
        bool known =
            *packing == Packing::gzip || *packing == Packing::xz || *packing == Packing::lzma;
        return known ? holds_banner(file, {offset, room}, *packing) : Result<bool>(true);
      }
      return false;
    };
    if (TRY(find_text(file, elf, magic, try_at))) return true;
  }
  return false;
}

}  // namespace trxkit::kernel
