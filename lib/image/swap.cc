// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/image/swap.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "lib/core/bytes.h"
#include "lib/core/units.h"
#include "lib/image/output_range.h"
#include "lib/image/swap_header.h"

namespace trxkit::image {
namespace {

constexpr std::uint64_t kFewestPages = 10;  // util-linux include/swapheader.h, MIN_GOODPAGES

Result<std::array<std::uint8_t, 16>> parse_uuid(const std::string& text) {
  std::array<std::uint8_t, 16> bytes{};
  std::string digits;
  std::ranges::copy_if(text, std::back_inserter(digits), [](char c) { return c != '-'; });
  bool whole = digits.size() == 2 * bytes.size();
  for (std::size_t i = 0; whole && i < bytes.size(); ++i) {
    const char* begin = digits.data() + 2 * i;
    whole = std::from_chars(begin, begin + 2, bytes.at(i), 16).ptr == begin + 2;
  }
  if (!whole) return fail(Code::usage, "'{}' is no UUID", text);
  return bytes;
}

}  // namespace

Status write_swap(OutputFile& output, const SwapOptions& options) {
  SwapHeader header{};
  std::uint64_t pages = options.size / kSwapPage;
  bool representable = pages >= kFewestPages && pages <= std::numeric_limits<std::uint32_t>::max();
  if (options.size % kSwapPage != 0 || !representable) {
    return fail(Code::usage, "a swap area has whole pages of {} bytes, {} at least, not {}",
                kSwapPage, human_size(kSwapPage * kFewestPages), human_size(options.size));
  }
  if (options.label.size() > header.label.size()) {
    return fail(Code::usage, "the swap label '{}' is longer than 16 bytes", options.label);
  }
  header.version = 1;
  header.last_page = static_cast<std::uint32_t>(pages - 1);
  header.uuid = TRY(parse_uuid(options.uuid));
  std::ranges::copy(options.label, header.label.begin());
  TRY(reserve_range(output, options.offset, options.size));
  TRY(output.write_at(options.offset, as_bytes(header)));
  return output.write_at(options.offset + kSwapPage - kSwapSignature.size(),
                         as_bytes(kSwapSignature));
}

}  // namespace trxkit::image
