// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// trxkit's loader and the kernel behind it, as unpacked from part 1: followed as the loader would,
// then judged.
#include "lib/trx/loader_rules.h"

#include "tests/fuzz/board.h"
#include "tests/fuzz/input.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace trxkit;
  static const board::Board board = fuzz::any_board();
  Bytes bytes = fuzz::bytes_of(data, size);
  if (bytes.size() < trx::kLoaderHeaderOffset + 4 || !trx::LoaderReader::recognises(bytes)) {
    return 0;
  }
  trx::LoaderReader reader([](Bytes) -> Status { return {}; });
  constexpr std::size_t kPiece = 1000;
  for (std::size_t at = 0; at < bytes.size(); at += kPiece) {
    if (!reader.write(bytes.subspan(at, std::min(kPiece, bytes.size() - at)))) std::abort();
  }
  trx::Payload payload;
  payload.loader = reader.finish();
  trx::Image image;
  fuzz::look_at(trx::judge_loader(image, payload, nullptr));
  fuzz::look_at(trx::judge_loader(image, payload, &board));
  return 0;
}
