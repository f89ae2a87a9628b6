// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The part of an output that one image writer works on. Writers whose programs seek need an
// ordinary file: pipes and devices are refused here.
#pragma once

#include <cstdint>

#include "lib/system/file.h"

namespace trxkit::image {

/// The size of `output` in bytes. Errors: Code::refused where it is no file that can be rewritten,
/// Code::io.
Result<std::uint64_t> rewritable_size(const OutputFile& output);

/// Makes `output` at least `offset` + `size` bytes long. Errors as rewritable_size().
Status reserve_range(OutputFile& output, std::uint64_t offset, std::uint64_t size);

}  // namespace trxkit::image
