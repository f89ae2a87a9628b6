// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// All rules on a finished image: container, payloads, flash map, what the kernel will see.
#pragma once

#include "lib/core/finding.h"
#include "lib/firmware/analysis.h"

namespace trxkit::firmware {

struct VerifyRequest {
  const InputFile* file = nullptr;
  const board::Board* board = nullptr;  ///< null: only what holds for every router
  /// A dump of this unit's boot loader or chip, which makes the kernel's view certain; or null.
  const InputFile* cfe = nullptr;
  trx::Depth depth = trx::Depth::decode;
  bool dump = false;  ///< the file was read back from a router (analyse_dump())
  /// Where the image starts in a file that holds more: bytes from its start.
  std::optional<std::uint64_t> offset = {};
};

struct Verdict {
  std::optional<Analysis> analysis;  ///< nothing where the file ends within the header
  Findings findings;
};

/// Judges an image. `env` finds the boards that take its magic, if the one asked for does not.
/// Errors: Code::bad_input where nothing in the file is recognisable as TRX, Code::io.
Result<Verdict> verify(const VerifyRequest& request, const Env& env);

/// The rules of container, payloads and flash map for an analysed or planned image. `owners`: the
/// boards that take its magic, where that is not the magic of `board`.
Findings judge(const Analysis& analysis, const ImageLayout& layout, const board::Board* board,
               std::span<const std::string> owners = {});

/// How the kernel will find its root in the flash that holds the image `file`.
Result<Findings> judge_kernel_view(const board::Board& board, const InputFile& file,
                                   const ImageLayout& layout, const InputFile* cfe);

}  // namespace trxkit::firmware
