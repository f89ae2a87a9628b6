// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The loops that trxtool spends its time in, by Google Benchmark: checksum, decoders, recognising
// headers. tests/bench/trxtool measures whole commands.
#include <cstring>

#include <benchmark/benchmark.h>

#include "lib/core/digest.h"
#include "lib/trx/codec.h"
#include "lib/trx/image.h"

#include "tests/memory_file.h"

namespace trxkit {
namespace {

constexpr std::size_t kSize = 4 << 20;

/// Text of a kind that packs about as well as code does, the same every time.
std::vector<std::byte> contents() {
  std::vector<std::byte> bytes(kSize);
  std::uint32_t state = 1;
  for (std::byte& byte : bytes) {
    state = state * 1664525 + 1013904223;
    byte = static_cast<std::byte>((state >> 24) & (state >> 16) & 0x3f);
  }
  return bytes;
}

Status ignore(Bytes /*bytes*/) {
  return {};
}

void report_bytes(benchmark::State& state) {
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(kSize));
}

void crc32(benchmark::State& state) {
  auto bytes = contents();
  for (auto _ : state) {
    Crc32 crc;
    crc.update(bytes);
    benchmark::DoNotOptimize(crc.value());
  }
  report_bytes(state);
}
BENCHMARK(crc32);

void sha256(benchmark::State& state) {
  auto bytes = contents();
  for (auto _ : state) {
    Sha256 hash;
    hash.update(bytes);
    benchmark::DoNotOptimize(hash.digest());
  }
  report_bytes(state);
}
BENCHMARK(sha256);

using MakeCompressor = std::function<std::unique_ptr<trx::Compressor>(trx::Sink)>;
using Unpack = Result<trx::Unpacked> (*)(const trx::FileRange&, const trx::Sink&, std::uint64_t);

void decode(benchmark::State& state, const MakeCompressor& make, Unpack unpack) {
  std::vector<std::byte> packed;
  auto compressor = make([&](Bytes bytes) -> Status {
    packed.insert(packed.end(), bytes.begin(), bytes.end());
    return {};
  });
  if (!compressor->write(contents()) || !compressor->finish()) std::abort();
  InputFile file = test::memory_file(packed);
  for (auto _ : state) {
    auto unpacked = unpack({&file, 0, file.size()}, ignore, kSize);
    if (!unpacked || unpacked->size != kSize) std::abort();
  }
  report_bytes(state);
}

void gzip_decode(benchmark::State& state) {
  decode(state, trx::make_gzip, trx::unpack_gzip);
}
BENCHMARK(gzip_decode)->Unit(benchmark::kMillisecond);

void lzma_decode(benchmark::State& state) {
  auto make = [](trx::Sink sink) { return trx::make_lzma(std::move(sink), {}, kSize); };
  decode(state, make, trx::unpack_lzma);
}
BENCHMARK(lzma_decode)->Unit(benchmark::kMillisecond);

/// Every 4 KiB of a chip dump may be the start of an image.
void header_scan(benchmark::State& state) {
  auto bytes = contents();
  for (auto _ : state) {
    unsigned found = 0;
    for (std::size_t offset = 0; offset + sizeof(trx::TrxHeaderV2) <= kSize; offset += 4096) {
      trx::TrxHeaderV2 header;
      std::memcpy(&header, bytes.data() + offset, sizeof(header));
      auto image = trx::interpret("chip.bin", offset, kSize - offset, header);
      found += trx::looks_like_trx(image) ? 1 : 0;
    }
    benchmark::DoNotOptimize(found);
  }
  report_bytes(state);
}
BENCHMARK(header_scan);

}  // namespace
}  // namespace trxkit

BENCHMARK_MAIN();
