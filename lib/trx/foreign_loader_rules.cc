// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/trx/foreign_loader_rules.h"

#include <algorithm>

#include "lib/core/units.h"
#include "lib/trx/magic.h"

namespace trxkit::trx {
namespace {

// The first 4 MiB of the flash and the whole chip as uncached addresses (linux
// include/linux/bcma/bcma_regs.h, BCMA_SOC_FLASH1 and BCMA_SOC_FLASH2).
constexpr std::uint32_t kBootWindow = 0xbfc00000;
constexpr std::uint32_t kWholeFlash = 0xbc000000;
constexpr std::uint64_t kBootWindowSize = 4 << 20;
// Where lzma-loader unpacks the kernel to and where it runs itself (LOADADDR, BZ_TEXT_START).
constexpr std::uint32_t kKernelStart = 0x80001000;
constexpr std::uint32_t kLoaderStart = 0x80d00000;
// A part 2 behind this makes it take part 1 for the kernel.
constexpr std::uint64_t kLargestLoaderPart = 65536;

class ForeignLoaderJudge {
 public:
  ForeignLoaderJudge(const Image& image, const Payload& loader, const Payload* kernel,
                     const board::Board* board)
      : image_(image), loader_(loader), kernel_(kernel), board_(board) {}

  Findings run() {
    judge_magic();
    if (kernel_ == nullptr || kernel_->kind != PayloadKind::lzma) {
      findings_.add("PAY026", at(loader_),
                    kernel_ == nullptr
                        ? "part 1 is a loader without a kernel, which would be part 2"
                        : fmt::format("part 1 is a loader of kernels packed with LZMA, but part 2 "
                                      "is {}",
                                      kernel_->label()),
                    "pack the kernel with LZMA as part 2");
      return std::move(findings_);
    }
    judge_place();
    judge_window();
    judge_memory();
    return std::move(findings_);
  }

 private:
  Where at(const Payload& payload) const { return image_.at(payload.part.offset); }
  bool names(std::uint32_t constant) const {
    return std::ranges::binary_search(loader_.code_constants, constant);
  }

  void judge_magic() {
    if (names(image_.magic)) return;
    findings_.add("PAY020", at(loader_),
                  fmt::format("the loader in part 1 looks for the magic {} in the flash, never for "
                              "{:#010x}: it searches for ever",
                              describe_magic(kHdr0), image_.magic),
                  "take trxkit's loader, which needs no magic, or one built for this magic");
  }

  void judge_place() {
    if (kernel_->part.offset <= kLargestLoaderPart) return;
    findings_.add("PAY022", at(*kernel_),
                  fmt::format("part 2 starts at {:#x}: loaders like that in part 1 take part 1 for "
                              "the kernel where part 2 starts behind {:#x}",
                              kernel_->part.offset, kLargestLoaderPart),
                  "let the kernel follow its loader without a gap");
  }

  void judge_window() {
    if (board_ == nullptr || !names(kBootWindow) || names(kWholeFlash)) return;
    std::uint64_t start = *board_->partition(board::PartitionRole::firmware)->offset;
    std::uint64_t end = start + kernel_->own_end().value_or(kernel_->part.end);
    if (end <= kBootWindowSize) return;
    std::uint64_t over = end - kBootWindowSize;
    findings_.add(
        "PAY021", at(*kernel_),
        fmt::format("the kernel ends at {:#x} of the flash; the loader reads the first "
                    "{} only: over by {} byte{}",
                    end, human_size(kBootWindowSize), over, plural(over)),
        "make the kernel smaller, or take trxkit's loader, which does not read the flash");
  }

  void judge_memory() {
    if (kernel_->unpacked_kind == PayloadKind::elf) {
      findings_.add("PAY014", at(*kernel_),
                    "part 2 unpacks to an ELF file; the loader starts it at its first byte",
                    "pack the raw binary of the kernel");
    }
    if (!names(kLoaderStart) || !kernel_->unpacked) return;
    std::uint64_t end = kKernelStart + kernel_->unpacked->size;
    if (end <= kLoaderStart) return;
    std::uint64_t over = end - kLoaderStart;
    findings_.add("PAY023", at(*kernel_),
                  fmt::format("the kernel unpacks to {:#x} up to {:#x}, over the loader at {:#x}: "
                              "over by {} byte{}",
                              kKernelStart, end, kLoaderStart, over, plural(over)),
                  "build a smaller kernel: modules instead of built-in drivers, fewer symbols");
  }

  const Image& image_;
  const Payload& loader_;
  const Payload* kernel_;
  const board::Board* board_;
  Findings findings_;
};

}  // namespace

Findings judge_foreign_loader(const Image& image, std::span<const Payload> payloads,
                              const board::Board* board) {
  auto part = [&](unsigned number) -> const Payload* {
    auto found = std::ranges::find(payloads, number,
                                   [](const Payload& payload) { return payload.part.number; });
    return found == payloads.end() ? nullptr : &*found;
  };
  const Payload* loader = part(1);
  // Whatever compares with "HDR0" and is no kernel looks for the image.
  bool searches = loader != nullptr && loader->banner.empty() && !loader->loader &&
                  std::ranges::binary_search(loader->code_constants, kHdr0);
  if (!searches) return {};
  return ForeignLoaderJudge(image, *loader, part(2), board).run();
}

}  // namespace trxkit::trx
