// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// TRX images: read, described, judged for a board and without one, drawn into the flash map.
#include "lib/firmware/analysis.h"
#include "lib/firmware/verify.h"

#include "tests/fuzz/board.h"
#include "tests/fuzz/input.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace trxkit;
  static const board::Board board = fuzz::any_board();
  InputFile file = fuzz::memory_file(fuzz::bytes_of(data, size));
  auto analysis = firmware::analyse(file, &board, trx::Depth::decode);
  if (!analysis) return 0;
  auto markers =
      firmware::find_markers(file, analysis->image, firmware::squashfs_end_of(*analysis));
  if (!markers) return 0;
  auto layout = firmware::layout_of(*analysis, file.size(), *std::move(markers));
  fuzz::look_at(firmware::judge(*analysis, layout, nullptr));
  fuzz::look_at(firmware::judge(*analysis, layout, &board));
  if (firmware::describe(*analysis).print().empty()) std::abort();
  return 0;
}
