// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Containers around TRX images, read and judged; images found anywhere, whose CRC has to be the one
// that reading them alone gives.
#include "lib/trx/container_text.h"
#include "lib/trx/scan.h"
#include "lib/trx/wrapped.h"

#include "tests/fuzz/board.h"
#include "tests/fuzz/input.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace trxkit;
  static const board::Board board = fuzz::any_board();
  InputFile file = fuzz::memory_file(fuzz::bytes_of(data, size));
  for (bool embedded : {false, true}) {
    auto wrapped = trx::read_wrapped(file, {.position = 0, .embedded = embedded}, std::nullopt);
    if (!wrapped) continue;
    fuzz::look_at(trx::judge_wrapped(wrapped->container, wrapped->image, wrapped->fourth, &board));
    if (trx::container_line(wrapped->container).empty()) std::abort();
    if (trx::describe_container(wrapped->container).print().empty()) std::abort();
  }
  auto scan = trx::scan_images(file, {});
  if (!scan) std::abort();
  // As many as can be summed one by one in time.
  constexpr std::size_t kMost = 16;
  for (std::size_t i = 0; i < std::min(kMost, scan->hits.size()); ++i) {
    const trx::ScanHit& hit = scan->hits[i];
    auto crc = trx::compute_crc(file, hit.image);
    bool complete = hit.image.length <= hit.image.available;
    if (!crc || hit.crc_ok != (complete && *crc == hit.image.crc)) std::abort();
  }
  return 0;
}
