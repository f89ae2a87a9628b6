// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/firmware/loader.h"

#include <algorithm>
#include <cstring>

namespace trxkit::firmware {
namespace {

constexpr std::uint64_t kKseg0 = 0x80000000;
constexpr std::uint64_t kLowMemory = 128 << 20;
// Without [cpu] clock: rather too long a wait before the reset than none.
constexpr std::uint64_t kFastestClock = 1000000000;

std::uint32_t word(std::uint64_t value) {
  return static_cast<std::uint32_t>(value);  // addresses and sizes in KSEG0: below 2^32
}

// The Count register of 24K and 74K processors makes a step every other cycle (their Software
// User's Manuals, "Count").
std::uint32_t count_rate(const board::Board& board) {
  return word((board.cpu_clock != 0 ? board.cpu_clock : kFastestClock) / 2);
}

}  // namespace

std::uint64_t loader_run_end(const board::Board& board) {
  std::uint64_t ram = std::min(*board.ram_size, kLowMemory);
  std::uint64_t reserved_from = *board.ram_size - std::min(*board.ram_size, board.loader.reserve);
  return kKseg0 + std::min(ram, reserved_from);
}

Result<std::vector<std::byte>> make_stub(const LoaderStub& stub, const board::Board& board,
                                         const LoadedKernel& kernel) {
  std::uint64_t end = loader_run_end(board);
  std::uint64_t size = stub.bytes.size() + kernel.payload_size + trx::kLoaderWorkspace;
  if (size + kStubAlignment > end - kKseg0) {
    return fail(Code::does_not_fit,
                "loader and packed kernel take {} bytes, more than the RAM of {}", size,
                board.name);
  }
  std::uint64_t run = (end - size) / kStubAlignment * kStubAlignment;
  std::vector<std::byte> bytes = relocate(stub, word(run));
  trx::LoaderHeader header{};
  header.magic = trx::kLoaderMagic;
  header.version = trx::kLoaderVersion;
  header.uart_base = word(board.uart.base);
  header.uart_spacing = board.uart.spacing;
  header.reset_register = word(board.reset.address);
  header.reset_value = board.reset.value;
  header.count_rate = count_rate(board);
  header.stub_size = word(bytes.size());
  header.run_address = word(run);
  header.run_end = word(end);
  header.ram_size = word(*board.ram_size);
  header.load_address = word(kernel.load_address);
  header.entry = word(kernel.entry);
  header.memory_size = word(kernel.memory_size);
  header.payload_size = word(kernel.payload_size);
  header.payload_crc = kernel.payload_crc;
  header.result_size = word(kernel.result_size);
  header.result_crc = kernel.result_crc;
  header.stub_crc = trx::stub_crc_of(bytes);
  header.console_crc = trx::console_crc_of(header);
  header.crc = trx::crc_of(header);
  std::memcpy(bytes.data() + trx::kLoaderHeaderOffset, &header, sizeof(header));
  return bytes;
}

}  // namespace trxkit::firmware
