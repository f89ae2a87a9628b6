// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/archive/write_contents.h"

#include <algorithm>
#include <array>

#include "lib/archive/path.h"

namespace trxkit::archive {

Status copy_contents(const Entry& entry, Reader& contents, const ByteSink& sink) {
  std::vector<std::byte> block(
      static_cast<std::size_t>(std::min<std::uint64_t>(entry.size, 64 * 1024)));
  for (std::uint64_t rest = entry.size; rest > 0;) {
    MutableBytes piece(block.data(),
                       static_cast<std::size_t>(std::min<std::uint64_t>(rest, block.size())));
    std::size_t got = TRY(contents.read(piece));
    if (got == 0) {
      return fail(Code::bad_input, "{} ends after {} of {} bytes", shown(entry.path),
                  entry.size - rest, entry.size);
    }
    TRY(sink(piece.first(got)));
    rest -= got;
  }
  std::array<std::byte, 1> more{};
  if (TRY(contents.read(more)) > 0) {
    return fail(Code::bad_input, "{} is longer than its {} bytes", shown(entry.path), entry.size);
  }
  return {};
}

Status pad(std::uint64_t size, std::uint64_t alignment, const ByteSink& sink) {
  static constexpr std::array<std::byte, 512> kZeros{};
  std::uint64_t length = align_up(size, alignment) - size;
  return length > 0 ? sink(Bytes(kZeros).first(static_cast<std::size_t>(length))) : Status();
}

}  // namespace trxkit::archive
