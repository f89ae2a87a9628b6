// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/trx/loader_rules.h"

#include <algorithm>

namespace trxkit::trx {
namespace {

constexpr std::uint64_t kKseg0 = 0x80000000;
constexpr std::string_view kPackAgain = "pack the kernel again";
// loader/decoder.h, MOST_LITERAL_BITS
constexpr std::uint32_t kMostLiteralBits = 4;

class LoaderJudge {
 public:
  LoaderJudge(const Image& image, const Payload& payload, const board::Board* board)
      : found_(*payload.loader),
        header_(found_.header),
        board_(board),
        place_(image.at(payload.part.offset)) {}

  Findings run() {
    judge_stub();
    if (!findings_.passed()) return std::move(findings_);
    judge_payload();
    judge_memory();
    if (board_ != nullptr) judge_board(*board_);
    return std::move(findings_);
  }

 private:
  void add(FindingId id, std::string message, std::string_view hint) {
    findings_.add(id, place_, std::move(message), std::string(hint));
  }

  void compare_crc(FindingId id, std::string_view what, std::uint32_t wanted,
                   std::uint32_t computed) {
    if (wanted == computed) return;
    add(id, fmt::format("{} has CRC {:#010x}, but its bytes give {:#010x}", what, wanted, computed),
        kPackAgain);
  }

  void judge_stub() {
    compare_crc("PAY015", "the console part of the loader's header", header_.console_crc,
                console_crc_of(header_));
    compare_crc("PAY015", "the loader's header", header_.crc, crc_of(header_));
    if (!findings_.passed()) return;
    compare_crc("PAY015", "the loader's code", header_.stub_crc, found_.stub_crc);
  }

  void judge_payload() {
    std::uint64_t behind = found_.size - std::min<std::uint64_t>(found_.size, header_.stub_size);
    if (behind != header_.payload_size) {
      add("PAY016",
          fmt::format("the loader's header says {} bytes of payload, there are {}",
                      header_.payload_size.value(), behind),
          kPackAgain);
      return;
    }
    compare_crc("PAY016", "the loader's payload", header_.payload_crc, found_.payload_crc);
    const LzmaHeader& lzma = found_.lzma;
    if (!found_.result.fault.empty() || found_.result.over_limit) {
      add("PAY016",
          fmt::format("the loader's payload does not unpack: {}",
                      found_.result.over_limit ? "more than any kernel" : found_.result.fault),
          kPackAgain);
    } else if (!loader_unpacks(lzma) || found_.result.packed_size != header_.payload_size) {
      add("PAY016", "the loader's payload is LZMA of a kind that it does not unpack", kPackAgain);
    } else if (found_.result.size != header_.result_size) {
      add("PAY016",
          fmt::format("the loader's kernel should have {} bytes, it unpacks to {}",
                      header_.result_size.value(), found_.result.size),
          kPackAgain);
    } else {
      compare_crc("PAY016", "the loader's kernel", header_.result_crc, found_.result_crc);
    }
  }

  void judge_memory() {
    std::uint64_t run = header_.run_address;
    std::uint64_t kernel_end = std::uint64_t{header_.load_address} + header_.memory_size;
    if (kernel_end > run) {
      add("PAY017",
          fmt::format("the kernel with its bss ends at {:#x}, the loader unpacks it from {:#x}: "
                      "over by {} bytes",
                      kernel_end, run, kernel_end - run),
          "build a smaller kernel: modules instead of built-in drivers, fewer symbols");
    }
    std::uint64_t loader_end = run + found_.size + kLoaderWorkspace;
    if (loader_end > header_.run_end) {
      add("PAY017",
          fmt::format(
              "the loader needs {:#x} to {:#x}, but its RAM ends at {:#x}: over by {} bytes", run,
              loader_end, header_.run_end.value(), loader_end - header_.run_end),
          kPackAgain);
    }
    if (header_.run_end - kKseg0 > header_.ram_size || header_.memory_size < header_.result_size) {
      add("PAY017", "the loader's header contradicts itself about sizes", kPackAgain);
    }
  }

  void judge_board(const board::Board& board) {
    std::uint64_t unpacked_end = *board.boot_loader.load_address + found_.size;
    if (unpacked_end > header_.run_address) {
      add("PAY017",
          fmt::format("the boot loader unpacks part 1 up to {:#x}, where the loader wants to move "
                      "to from {:#x} on: over by {} bytes",
                      unpacked_end, header_.run_address.value(),
                      unpacked_end - header_.run_address),
          "build a smaller kernel");
    }
    compare("RAM size", header_.ram_size, *board.ram_size);
    compare("load address", header_.load_address, *board.kernel.load_address);
    compare("UART", header_.uart_base, board.uart.base);
    compare("UART spacing", header_.uart_spacing, board.uart.spacing);
    compare("reset register", header_.reset_register, board.reset.address);
    compare("reset value", header_.reset_value, board.reset.value);
  }

  void compare(std::string_view what, std::uint64_t found, std::uint64_t wanted) {
    if (found == wanted) return;
    add("PAY018",
        fmt::format("the loader's {} is {:#x}, that of {} is {:#x}", what, found, board_->name,
                    wanted),
        "pack the kernel with --board " + board_->name);
  }

  const LoaderContents& found_;
  const LoaderHeader& header_;
  const board::Board* board_;
  Where place_;
  Findings findings_;
};

}  // namespace

bool loader_unpacks(const LzmaHeader& header) {
  return header.size != kLzmaSizeUnknown && header.lc() + header.lp() <= kMostLiteralBits;
}

Findings judge_loader(const Image& image, const Payload& payload, const board::Board* board) {
  return LoaderJudge(image, payload, board).run();
}

}  // namespace trxkit::trx
