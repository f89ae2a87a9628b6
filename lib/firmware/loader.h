// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Part 1 with trxkit's loader: where stub and payload will run, and the stub made ready for it.
// Pure but for reading the payload's size from its caller.
#pragma once

#include "lib/board/board.h"
#include "lib/firmware/loader_stub.h"

namespace trxkit::firmware {

/// The kernel that the loader is to start.
struct LoadedKernel {
  std::uint64_t load_address = 0;  ///< KSEG0
  std::uint64_t entry = 0;
  std::uint64_t memory_size = 0;  ///< bytes from load_address on, bss included
  std::uint64_t payload_size = 0;
  std::uint32_t payload_crc = 0;
  std::uint64_t result_size = 0;
  std::uint32_t result_crc = 0;
};

/// How its payload is compressed: lc, lp and pb best for MIPS code (as OpenWrt
/// target/linux/bcm47xx/ image/Makefile has them), a dictionary that the encoder's memory allows.
inline constexpr board::LzmaParameters kLoaderLzma{
    .lc = 1, .lp = 2, .pb = 2, .dictionary = 4 << 20, .end_marker = false};

/// The end of the RAM that the loader may use (KSEG0): the board's less what it reserves, at most
/// 128 MiB, since more is not behind the first on BCM47xx (linux arch/mips/bcm47xx/prom.c).
std::uint64_t loader_run_end(const board::Board& board);

/// The stub for `board` and `kernel`, its header filled in. It runs as high in the RAM as stub,
/// payload and workspace allow. Errors: Code::does_not_fit where the RAM is too small even for
/// that; whether the kernel leaves that place alone is judged later (PAY017).
Result<std::vector<std::byte>> make_stub(const LoaderStub& stub, const board::Board& board,
                                         const LoadedKernel& kernel);

}  // namespace trxkit::firmware
