// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The header "Range" of a request for a file: which of its bytes are wanted (RFC 9110, 14.2), so
// that a fetch that was cut off can go on where it was. One range, of bytes; whatever else stands
// there is passed over, as the standard lets a server do, and means the whole file.
#pragma once

#include <cstdint>
#include <string_view>

namespace trxkit::boot {

struct ByteRange {
  enum class Kind { whole, part, unsatisfiable };
  Kind kind = Kind::whole;
  std::uint64_t first = 0;  ///< byte of the file, from 0
  std::uint64_t size = 0;   ///< bytes; 0 where nothing of the file is meant
};

/// What `header` ("bytes=0-99", "bytes=100-", "bytes=-100"; empty: there is none) wants of a file
/// of `size` bytes. A range that ends behind the file ends with it; one that begins there, or is
/// empty, is unsatisfiable.
ByteRange requested_range(std::string_view header, std::uint64_t size);

}  // namespace trxkit::boot
