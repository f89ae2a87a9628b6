// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/trx/wrapped.h"

#include <algorithm>

namespace trxkit::trx {
namespace {

// Containers that do not say how long they are end with their TRX.
void end_with_image(Container& container, const Image& image) {
  std::uint64_t size = std::max<std::uint64_t>(image.length, image.header_size());
  if (!container.length) container.end = std::min(container.end, image.position + size);
  container.file_size = container.end;
}

}  // namespace

Result<Wrapped> read_wrapped(const InputFile& file, const Place& place,
                             std::optional<std::uint32_t> expected_magic) {
  Wrapped wrapped;
  Container& container = wrapped.container;
  container = TRY(read_container(file, place.position));
  wrapped.image = TRY(read_image(file, container, expected_magic));
  if (place.embedded) {
    end_with_image(container, wrapped.image);
    wrapped.image = TRY(read_image(file, container, expected_magic));
  }
  TRY(read_contents(file, container));
  wrapped.fourth = TRY(read_fourth(file, wrapped.image));
  return wrapped;
}

Findings judge_wrapped(const Container& container, const Image& image,
                       const std::optional<CyberTanHeader>& fourth, const board::Board* board) {
  Findings findings = judge_container(container, image, board);
  if (fourth) findings.append(judge_fourth(*fourth, image, board));
  return findings;
}

}  // namespace trxkit::trx
