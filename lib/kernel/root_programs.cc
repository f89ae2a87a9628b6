// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/kernel/root_programs.h"

#include <algorithm>
#include <array>

#include "lib/kernel/program_head.h"

namespace trxkit::kernel {
namespace {

/// Programs that every root is built around; looking at all would mean to unpack it all.
bool tells(const archive::Entry& entry) {
  constexpr std::string_view kNames[] = {"busybox", "init", "sh", "dash", "bash", "ash"};
  constexpr std::string_view kLibraries[] = {"libc.so", "libc-", "ld.so", "ld-"};
  if (entry.type != archive::EntryType::file) return false;
  std::string_view name = std::string_view(entry.path).substr(entry.path.rfind('/') + 1);
  return std::ranges::find(kNames, name) != std::end(kNames) ||
         std::ranges::any_of(kLibraries,
                             [&](std::string_view start) { return name.starts_with(start); });
}

}  // namespace

Result<std::optional<bool>> uses_floating_point(const archive::Source& root) {
  auto reader = TRY(root.open());
  std::array<std::byte, kProgramHeadSize> buffer;
  while (auto entry = TRY(reader->next())) {
    if (!tells(*entry)) continue;
    std::size_t filled = 0;
    while (filled < buffer.size()) {
      std::size_t got = TRY(reader->read(MutableBytes(buffer).subspan(filled)));
      if (got == 0) break;
      filled += got;
    }
    auto program = read_program_head(Bytes(buffer).first(filled));
    if (program && program->hard_float) return program->hard_float;
  }
  return std::nullopt;
}

}  // namespace trxkit::kernel
