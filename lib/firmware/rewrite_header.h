// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The two changes that a finished image's header may get: another magic, or a length and CRC that
// are those of its bytes. Nothing else is touched; what would not start afterwards is not written.
#pragma once

#include <optional>
#include <string>

#include "lib/board/board.h"
#include "lib/firmware/patched_image.h"

namespace trxkit::firmware {

/// The fields that change.
struct HeaderFields {
  std::uint32_t magic = 0;
  std::uint32_t length = 0;  ///< bytes of the image, header included
  std::uint32_t crc = 0;
};

struct RewriteRequest {
  std::string input;
  const board::Board* board = nullptr;  ///< whose rules the result must keep; null: those of any
  PatchTarget target;
};

struct RewriteReport {
  std::uint64_t position = 0;  ///< of the header: bytes from the start of the file
  HeaderFields before;
  HeaderFields after;
  PatchReport patched;  ///< with the findings of `verify` on the result
};

/// Gives the image the magic `magic`: four bytes that no CRC covers. Errors: Code::bad_input where
/// the input is no TRX image; those of path_of(); Code::io. Whatever else would keep it from
/// starting is in the findings, and who takes an image with this magic (TRX060 to TRX062).
Result<RewriteReport> remagic(const RewriteRequest& request, std::uint32_t magic, const Env& env);

/// Computes the CRC again, over `length` bytes (header included) where that is given, else over the
/// header's own length. Errors: as remagic().
Result<RewriteReport> fix_crc(const RewriteRequest& request, std::optional<std::uint64_t> length,
                              const Env& env);

}  // namespace trxkit::firmware
