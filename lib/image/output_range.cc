// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/image/output_range.h"

#include <cerrno>
#include <cstring>

#include <sys/stat.h>

namespace trxkit::image {

Result<std::uint64_t> rewritable_size(const OutputFile& output) {
  if (output.written_directly()) {
    return fail(Code::refused, "an image cannot go to a pipe or device: it has to be rewritten");
  }
  struct stat status{};
  if (fstat(output.descriptor(), &status) == 0) return static_cast<std::uint64_t>(status.st_size);
  return fail(Code::io, "cannot look at the output: {}", std::strerror(errno));
}

Status reserve_range(OutputFile& output, std::uint64_t offset, std::uint64_t size) {
  auto end = checked_add(offset, size);
  if (!end) return fail(Code::usage, "an image of {} bytes at {} has no end", size, offset);
  return TRY(rewritable_size(output)) >= *end ? Status{} : output.resize(*end);
}

}  // namespace trxkit::image
