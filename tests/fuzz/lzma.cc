// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// LZMA-alone streams, whole and in pieces of any size: both ways end alike.
#include "lib/trx/codec.h"

#include "tests/fuzz/input.h"

namespace {

using namespace trxkit;

constexpr std::uint64_t kLimit = 1 << 20;

struct Outcome {
  trx::Unpacked unpacked;
  Crc32 crc;
};

trx::Sink into(Outcome& outcome) {
  return [&outcome](Bytes bytes) -> Status {
    outcome.crc.update(bytes);
    return {};
  };
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  Bytes stream = fuzz::bytes_of(data, size).subspan(1);
  std::size_t step = std::size_t{data[0]} + 1;

  Outcome whole;
  InputFile file = fuzz::memory_file(stream);
  auto unpacked = trx::unpack_lzma({&file, 0, stream.size()}, into(whole), kLimit);
  if (!unpacked) std::abort();

  Outcome pieces;
  auto decoder = trx::make_lzma_decoder(into(pieces), kLimit);
  for (std::size_t at = 0; at < stream.size() && !decoder->ended(); at += step) {
    if (!decoder->write(stream.subspan(at, std::min(step, stream.size() - at)))) std::abort();
  }
  pieces.unpacked = decoder->finish();
  if (pieces.unpacked.size > kLimit || pieces.unpacked.fault != unpacked->fault ||
      pieces.unpacked.size != unpacked->size || pieces.crc.value() != whole.crc.value()) {
    std::abort();
  }
  return 0;
}
