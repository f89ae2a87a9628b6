// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/trx/judge_offsets.h"

#include <algorithm>

namespace trxkit::trx {
namespace {

Where field(const Image& image, const Part& part) {
  return image.at(kOffsetField + 4 * (part.number - std::uint64_t{1}));
}

// The boot loader does not read the table: it starts whatever follows the header (CFE
// ui_bcm947xx.c), so a gap before part 1 makes an image that passes its CRC and does not boot.
void judge_first(const Image& image, const Part& part, Findings& findings) {
  if (part.offset <= image.header_size()) return;
  findings.add("TRX011", field(image, part),
               fmt::format("part 1 starts at {:#x}, {} bytes behind the header's end {:#x}",
                           part.offset, part.offset - image.header_size(), image.header_size()),
               "the boot loader starts the byte behind the header: leave no gap there");
}

void judge_place(const Image& image, const Part& part, Findings& findings) {
  if (part.offset < image.header_size()) {
    findings.add("TRX010", field(image, part),
                 fmt::format("part {} starts at {:#x}, inside the header of {} bytes", part.number,
                             part.offset, image.header_size()),
                 "build the image again");
  }
  if (part.offset >= image.parts_end()) {
    findings.add("TRX012", field(image, part),
                 fmt::format("part {} starts at {:#x}, past the image end {:#x}", part.number,
                             part.offset, image.parts_end()),
                 "build the image again");
  }
  if (part.offset % kPartAlignment != 0) {
    findings.add("TRX015", field(image, part),
                 fmt::format("part {} starts at {:#x}, no multiple of {}", part.number, part.offset,
                             kPartAlignment),
                 "loaders read the flash in aligned words: pad the part before it");
  }
}

void judge_order(const Image& image, const Part& earlier, const Part& part, Findings& findings) {
  if (part.offset == earlier.offset) {
    findings.add("TRX014", field(image, part),
                 fmt::format("parts {} and {} both start at {:#x}", earlier.number, part.number,
                             part.offset),
                 "one of them is empty: leave it out");
  } else if (part.offset < earlier.offset) {
    findings.add("TRX013", field(image, part),
                 fmt::format("part {} starts at {:#x}, before part {} at {:#x}", part.number,
                             part.offset, earlier.number, earlier.offset),
                 "kernels cut the flash in the order of the table");
  }
}

// Linux and the loaders stop at, or count on, the first empty field (parser_trx.c). The fourth of
// version 2 is for the boot loader alone, and is found by its place.
void judge_holes(const Image& image, Findings& findings) {
  std::size_t last = 0;
  for (const Part& part : image.parts) {
    if (part.number < kMaximumParts) last = part.number;
  }
  if (last == 0) {
    findings.add("TRX016", image.at(kOffsetField), "the image has no parts",
                 "every offset is 0: build the image again");
    return;
  }
  for (std::size_t i = 0; i + 1 < last; ++i) {
    if (image.offsets[i] != 0) continue;
    findings.add("TRX016", image.at(kOffsetField + 4 * i),
                 fmt::format("part {} is absent, but part {} is there", i + 1, last),
                 "parts fill the table from its start");
  }
}

// The CRC of version 2 masks bytes of a CyberTAN header in part 4 (firmware-utils src/trx.c).
void judge_fourth(const Image& image, Findings& findings) {
  if (image.version != 2) return;
  auto fourth = std::ranges::find(image.parts, 4U, &Part::number);
  if (fourth == image.parts.end()) {
    findings.add("TRX019", image.at(kOffsetField + 12),
                 "a version 2 image without part 4, which would hold its CyberTAN header",
                 "dual-image boot loaders look for it");
  } else if (fourth->size() < kCyberTanHeaderSize) {
    findings.add("TRX020", image.at(fourth->offset),
                 fmt::format("part 4 has {} bytes; its CyberTAN header takes {}", fourth->size(),
                             kCyberTanHeaderSize),
                 "build the image again");
  }
}

// OpenWrt's trx writes the offset of a fourth part into version 1 as well, over the first bytes of
// part 1 (firmware-utils src/trx.c). No payload starts with such a number.
void judge_spilled(const Image& image, Findings& findings) {
  if (image.version != 1 || image.parts.size() != image.offsets.size()) return;
  std::uint32_t field = image.fourth_field;
  bool offset = field > image.offsets.back() && field < image.length && field % kPartAlignment == 0;
  if (!offset) return;
  findings.add("TRX025", image.at(kOffsetField + 12),
               fmt::format("part 1 starts with {:#x}, the offset of a fourth part: version 1 has "
                           "three, and the tool that made it wrote over part 1",
                           field),
               "build the image again, with three parts or as version 2");
}

}  // namespace

void judge_offsets(const Image& image, Findings& findings) {
  judge_holes(image, findings);
  const Part* earlier = nullptr;
  for (const Part& part : image.parts) {
    if (part.number == 1) judge_first(image, part, findings);
    judge_place(image, part, findings);
    if (earlier != nullptr) judge_order(image, *earlier, part, findings);
    earlier = &part;
  }
  judge_fourth(image, findings);
  judge_spilled(image, findings);
}

}  // namespace trxkit::trx
