// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/trx/codec.h"

#include <algorithm>

#include <lzma.h>
#include <zlib.h>

namespace trxkit::trx {

std::vector<std::pair<std::string, std::string>> codec_versions() {
  return {{"zlib", zlibVersion()}, {"liblzma", lzma_version_string()}};
}

Result<Unpacked> unpack(const FileRange& range, Decompressor& decoder) {
  constexpr std::size_t kBuffer = 64 * 1024;
  std::vector<std::byte> input(kBuffer);
  for (std::uint64_t read = 0; read < range.size && !decoder.ended();) {
    MutableBytes piece(input.data(), std::min<std::size_t>(kBuffer, range.size - read));
    TRY(range.file->read_at(range.offset + read, piece));
    TRY(decoder.write(piece));
    read += piece.size();
  }
  return decoder.finish();
}

}  // namespace trxkit::trx
