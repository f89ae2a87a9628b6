// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/core/bytes.h"

#include <algorithm>

namespace trxkit {

Result<Bytes> ByteReader::bytes_at(std::uint64_t offset, std::uint64_t length) const {
  if (!range_inside(offset, length, bytes_.size())) {
    return fail_at({file_, base_ + std::min<std::uint64_t>(offset, bytes_.size())}, Code::bad_input,
                   "{} bytes expected at {:#x}, but the data ends at {:#x}", length, base_ + offset,
                   base_ + bytes_.size());
  }
  return bytes_.subspan(static_cast<std::size_t>(offset), static_cast<std::size_t>(length));
}

}  // namespace trxkit
