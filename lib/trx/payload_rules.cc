// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/trx/payload_rules.h"

#include <algorithm>

#include "lib/core/units.h"
#include "lib/trx/foreign_loader_rules.h"
#include "lib/trx/loader_rules.h"

namespace trxkit::trx {
namespace {

using board::Compression;

std::string name_part(const Payload& payload) {
  return fmt::format("part {}", payload.part.number);
}

void judge_lzma_header(const Image& image, const Payload& payload, const board::Board* board,
                       Findings& findings) {
  const LzmaHeader& header = *payload.lzma;
  Where place = image.at(payload.part.offset);
  if (header.dictionary > kDictionaryLimit) {
    findings.add("PAY004", place,
                 fmt::format("{} wants an LZMA dictionary of {}", name_part(payload),
                             human_size(header.dictionary)),
                 "the router has not that much memory: compress it with a smaller dictionary");
  }
  bool for_boot_loader = payload.part.number == 1 && board != nullptr &&
                         *board->boot_loader.compression == Compression::lzma;
  if (!for_boot_loader) return;
  const board::LzmaParameters& wanted = board->boot_loader.lzma;
  if (is_packed_with(header, wanted)) return;
  findings.add(
      "PAY011", place,
      fmt::format(
          "part 1 is LZMA with lc={} lp={} pb={}, {} dictionary and {} size; {} is known to "
          "unpack lc={} lp={} pb={}, {} and {} size",
          header.lc(), header.lp(), header.pb(), human_size(header.dictionary),
          header.size == kLzmaSizeUnknown ? "unknown" : "known", board->name, wanted.lc, wanted.lp,
          wanted.pb, human_size(wanted.dictionary), wanted.end_marker ? "unknown" : "known"),
      "pack the kernel with --board " + board->name);
}

void judge_unpacked(const Image& image, const Payload& payload, Findings& findings) {
  const Unpacked& unpacked = *payload.unpacked;
  bool lzma = payload.kind == PayloadKind::lzma;
  std::string_view format = lzma ? "LZMA stream" : "gzip member";
  if (unpacked.over_limit) {
    findings.add("PAY006", image.at(payload.part.offset),
                 fmt::format("the {} of {} unpacks to more than {}", format, name_part(payload),
                             human_size(kUnpackLimit)),
                 "no router of this kind has that much memory");
    return;
  }
  bool reported = lzma && payload.lzma->dictionary > kDictionaryLimit;
  if (unpacked.fault.empty() || reported) return;
  auto& finding =
      findings.add("PAY002", image.at(payload.part.offset + unpacked.packed_size),
                   fmt::format("the {} of {} is broken after {} unpacked bytes: {}", format,
                               name_part(payload), unpacked.size, unpacked.fault),
                   "the payload was damaged or cut before it was packed: build it again");
  if (lzma) finding.code = FindingId("PAY005").entry().code;
}

// What the boot loader of `board` can do with part 1.
void judge_start(const Image& image, const Payload& payload, const board::Board& board,
                 Findings& findings) {
  Where place = image.at(payload.part.offset);
  Compression compression = *board.boot_loader.compression;
  bool raw = payload.kind == PayloadKind::mips_code;
  bool starts = (payload.kind == PayloadKind::gzip && compression != Compression::none) ||
                (payload.kind == PayloadKind::lzma && compression == Compression::lzma) ||
                (raw && compression == Compression::none);
  bool packed = payload.kind == PayloadKind::gzip || payload.kind == PayloadKind::lzma;
  if (!starts && (packed || raw)) {
    findings.add("PAY009", place,
                 fmt::format("part 1 is {}, but the boot loader of {} starts {}", payload.label(),
                             board.name,
                             compression == Compression::lzma   ? "gzip and LZMA"
                             : compression == Compression::gzip ? "gzip"
                                                                : "plain code"),
                 "pack the kernel with --board " + board.name);
  } else if (!starts) {
    findings.add("PAY001", place,
                 fmt::format("part 1 is {}: nothing that a boot loader starts", payload.label()),
                 "part 1 has to be a packed kernel or loader");
  }
}

void judge_window(const Image& image, const Payload& payload, const board::Board& board,
                  Findings& findings) {
  std::uint64_t window = boot_window(board);
  std::uint64_t size = payload.unpacked ? payload.unpacked->size : payload.part.size();
  bool sound =
      !payload.unpacked || (payload.unpacked->fault.empty() && !payload.unpacked->over_limit);
  if (!sound || size <= window) return;
  findings.add("PAY006", image.at(payload.part.offset),
               fmt::format("part 1 unpacks to {} bytes; between load address {:#x} and boot loader "
                           "{:#x} are {}: over by {} byte{}",
                           size, *board.boot_loader.load_address, *board.boot_loader.base, window,
                           size - window, plural(size - window)),
               "build a smaller kernel: modules instead of built-in drivers, fewer symbols");
}

// What comes out of part 1 has to be code. Data of other kinds is certain not to be; code that
// nobody recognises is left alone.
void judge_inside(const Image& image, const Payload& payload, const board::Board* board,
                  Findings& findings) {
  constexpr std::array kNoCode{PayloadKind::empty, PayloadKind::gzip, PayloadKind::squashfs,
                               PayloadKind::jffs2};
  bool sound = payload.unpacked && payload.unpacked->fault.empty();
  if (!sound || std::ranges::find(kNoCode, payload.unpacked_kind) == kNoCode.end()) return;
  Finding& finding = findings.add(
      "PAY001", image.at(payload.part.offset),
      fmt::format("part 1 unpacks to {}: nothing that a boot loader starts",
                  *payload.unpacked_kind == PayloadKind::empty ? "nothing"
                                                               : name_of(*payload.unpacked_kind)),
      "part 1 has to be a packed kernel or loader");
  if (board == nullptr) finding.severity = Severity::warning;
}

// A kernel without a loader runs where the boot loader puts it.
void judge_load_address(const Image& image, const Payload& payload, const board::Board& board,
                        Findings& findings) {
  std::uint64_t start = *board.boot_loader.load_address;
  std::uint64_t wanted = *board.kernel.load_address;
  if (payload.banner.empty() || payload.loader || start == wanted) return;
  findings.add("PAY013", image.at(payload.part.offset),
               fmt::format("part 1 is a kernel without a loader: the boot loader starts it at "
                           "{:#x}, kernels of {} run at {:#x}",
                           start, board.name, wanted),
               "pack it with trxkit's loader: --loader auto");
}

void judge_first(const Image& image, const Payload& payload, const board::Board* board,
                 Findings& findings) {
  if (payload.kind == PayloadKind::empty) return;  // its offset was judged (TRX012, TRX014)
  if (board != nullptr) {
    judge_start(image, payload, *board, findings);
    judge_window(image, payload, *board, findings);
  } else if (payload.kind == PayloadKind::unknown || payload.kind == PayloadKind::squashfs) {
    // Some boot loader may start it: only a board says what its own one does.
    Finding& finding = findings.add(
        "PAY001", image.at(payload.part.offset),
        fmt::format("part 1 is {}: nothing that boot loaders usually start", payload.label()),
        "name the board with --board to have it judged");
    finding.severity = Severity::warning;
  }
  bool elf = payload.unpacked_kind == PayloadKind::elf || payload.kernel_kind == PayloadKind::elf;
  if (elf) {
    findings.add("PAY014", image.at(payload.part.offset),
                 fmt::format("part 1 unpacks to an ELF file; the {}loader starts it at its first "
                             "byte",
                             payload.loader ? "" : "boot "),
                 "give trxtool pack the ELF with --kernel: it makes the raw binary");
  }
  judge_inside(image, payload, board, findings);
  if (board != nullptr) judge_load_address(image, payload, *board, findings);
}

void judge_elf(const Image& image, const Payload& payload, Findings& findings) {
  constexpr std::uint8_t k32Bit = 1, kLittleEndian = 1;
  constexpr std::uint16_t kMips = 8;
  const ElfIdentity& elf = *payload.elf;
  if (elf.elf_class == k32Bit && elf.order == kLittleEndian && elf.machine == kMips) return;
  findings.add("PAY024", image.at(payload.part.offset),
               fmt::format("{} holds an ELF file of class {}, byte order {} and machine {}; these "
                           "routers run class 1, order 1 and machine 8",
                           name_part(payload), elf.elf_class, elf.order, elf.machine),
               "build the kernel for 32-bit little-endian MIPS");
}

void judge_filesystem(const Image& image, const Payload& payload, Findings& findings) {
  Where place = image.at(payload.part.offset);
  if (!payload.squashfs) {
    findings.add("PAY008", place,
                 fmt::format("{} has {} bytes, less than a squashfs superblock's 96",
                             name_part(payload), payload.part.size()),
                 "it is cut short: build it again");
    return;
  }
  findings.append(judge_squashfs(*payload.squashfs, place, payload.part.size()));
}

void judge_kernel_found(const Image& image, std::span<const Payload> payloads, Findings& findings) {
  bool decoded = std::ranges::any_of(
      payloads, [](const Payload& payload) { return payload.unpacked.has_value(); });
  bool found =
      std::ranges::any_of(payloads, [](const Payload& payload) { return !payload.banner.empty(); });
  if (!decoded || found) return;
  findings.add("PAY012", image.at(image.header_size()),
               "no part contains a Linux kernel's version text, unpacked or not");
}

}  // namespace

std::uint64_t boot_window(const board::Board& board) {
  std::uint64_t base = *board.boot_loader.base;
  std::uint64_t load = *board.boot_loader.load_address;
  return base > load ? base - load : 0;
}

bool is_packed_with(const LzmaHeader& header, const board::LzmaParameters& known) {
  return header.lc() == known.lc && header.lp() == known.lp && header.pb() == known.pb &&
         header.dictionary <= known.dictionary &&
         (header.size == kLzmaSizeUnknown) == known.end_marker;
}

Findings judge_payloads(const Image& image, std::span<const Payload> payloads,
                        const board::Board* board) {
  Findings findings;
  for (const Payload& payload : payloads) {
    if (payload.part.number == 1) judge_first(image, payload, board, findings);
    if (payload.lzma) judge_lzma_header(image, payload, board, findings);
    if (payload.loader) findings.append(judge_loader(image, payload, board));
    if (payload.elf) judge_elf(image, payload, findings);
    if (payload.unpacked) judge_unpacked(image, payload, findings);
    if (payload.kind == PayloadKind::squashfs) judge_filesystem(image, payload, findings);
    if (payload.foreign) {
      findings.add("PAY010", image.at(*payload.foreign),
                   fmt::format("bytes behind the end of {} ({}) are neither padding nor a marker",
                               name_part(payload), payload.label()),
                   "nothing reads them; they may be left over from another build");
    }
  }
  findings.append(judge_foreign_loader(image, payloads, board));
  judge_kernel_found(image, payloads, findings);
  return findings;
}

}  // namespace trxkit::trx
