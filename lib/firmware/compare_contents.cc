// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/firmware/compare_contents.h"

#include <algorithm>

namespace trxkit::firmware {

using trx::FileRange;
using trx::PayloadKind;

Result<Sha256Digest> digest_of(const FileRange& range) {
  Sha256 hash;
  TRY(range.file->for_each_block(range.offset, range.size, [&](Bytes bytes) -> Status {
    hash.update(bytes);
    return {};
  }));
  return hash.digest();
}

Result<std::optional<Sha256Digest>> unpacked_digest_of(const FileRange& range, PayloadKind kind) {
  if (kind != PayloadKind::gzip && kind != PayloadKind::lzma) return std::nullopt;
  Sha256 hash;
  auto take = [&](Bytes bytes) -> Status {
    hash.update(bytes);
    return {};
  };
  trx::Unpacked unpacked = TRY(kind == PayloadKind::gzip ? trx::unpack_gzip(range, take)
                                                         : trx::unpack_lzma(range, take));
  if (!unpacked.fault.empty() || unpacked.over_limit) return std::nullopt;
  return hash.digest();
}

Result<std::optional<std::uint64_t>> first_difference(const FileRange& a, const FileRange& b) {
  constexpr std::uint64_t kBlock = 64 << 10;
  std::uint64_t common = std::min(a.size, b.size);
  for (std::uint64_t offset = 0; offset < common; offset += kBlock) {
    std::uint64_t length = std::min(kBlock, common - offset);
    auto left = TRY(a.file->bytes_at(a.offset + offset, length));
    auto right = TRY(b.file->bytes_at(b.offset + offset, length));
    auto place = std::ranges::mismatch(left, right);
    if (place.in1 != left.end() && place.in2 != right.end()) {
      return offset + static_cast<std::uint64_t>(place.in1 - left.begin());
    }
  }
  if (a.size != b.size) return common;
  return std::nullopt;
}

}  // namespace trxkit::firmware
