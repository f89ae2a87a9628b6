// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// One TRX image out of a kernel, a root file system and other parts: placed by the board's flash,
// judged as a whole, written only if the judgement has no error.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/core/finding.h"
#include "lib/core/manifest.h"
#include "lib/firmware/analysis.h"

namespace trxkit::firmware {

/// One step of a free composition, in the order of the command line.
struct PackStep {
  enum class Kind : std::uint8_t {
    part,    ///< the file becomes the next part
    append,  ///< the file goes behind the last part, into it
    align,   ///< the next part starts at a multiple of `value` bytes (from the header)
    offset,  ///< the next part starts `value` bytes from the header
  };
  Kind kind = Kind::part;
  std::string file;
  std::uint64_t value = 0;
};

struct PackRequest {
  const board::Board* board = nullptr;  ///< null: `magic` says which header, no flash is known
  std::uint32_t magic = 0;              ///< without a board
  std::string kernel;                   ///< ELF for part 1; empty: none. Needs a board
  /// Code in front of the kernel: trxkit's loader.elf, which becomes part 1 together with the
  /// kernel, or another loader, which is part 1 alone with an LZMA kernel as part 2. Empty: none,
  /// the boot loader starts the kernel itself.
  std::string loader;
  std::string rootfs;           ///< squashfs for the last part; empty: none
  std::vector<PackStep> steps;  ///< between the two
  /// Bytes of an erase block: where the squashfs and the JFFS2 marker are aligned to. Nothing: the
  /// largest that the board's chip may have.
  std::optional<std::uint64_t> erase_size;
  std::string cfe;     ///< dump of this unit's boot loader or chip; empty: none
  std::string output;  ///< "-" is standard output, and then there is no manifest
};

struct PackReport {
  Analysis analysis;   ///< of the image as written, or as it would have been
  Findings findings;   ///< of inputs and image
  ImageLayout layout;  ///< for the flash map
  /// Why nothing was written: the findings hold errors of this kind.
  std::optional<Code> refusal;
  std::uint64_t kernel_size = 0;          ///< bytes of the kernel's raw binary; 0 without a kernel
  std::optional<BuildManifest> manifest;  ///< as written beside the image
};

/// Errors: Code::usage for a request that contradicts itself, Code::bad_input for a kernel that is
/// no ELF file or a root file system that is no squashfs, Code::io. Whatever the rules find is in
/// the report instead, all of it.
Result<PackReport> pack(const PackRequest& request, const Env& env);

}  // namespace trxkit::firmware
