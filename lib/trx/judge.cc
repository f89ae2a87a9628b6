// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/trx/judge.h"

#include "lib/core/units.h"
#include "lib/trx/judge_offsets.h"
#include "lib/trx/magic.h"

namespace trxkit::trx {
namespace {

void judge_magic(const Image& image, const board::Board* board, std::span<const std::string> owners,
                 Findings& findings) {
  std::string for_whom = fmt::format("{}", fmt::join(owners, " or "));
  if (board == nullptr) {
    if (models_of_magic(image.magic) || !owners.empty()) return;
    findings.add("TRX021", image.at(0), fmt::format("no known board takes {:#010x}", image.magic),
                 "name the board with --board, so that its own magic is expected");
    return;
  }
  if (image.magic == *board->trx.magic) return;
  findings.add(
      "TRX001", image.at(0),
      fmt::format("the magic is {}, but {} starts only {:#010x}", describe_magic(image.magic),
                  board->name, *board->trx.magic),
      owners.empty()
          ? "take the image for this very model, or pack it with --board " + board->name
          : fmt::format("it is an image for {}: take the one for {}", for_whom, board->name));
}

void judge_length(const Image& image, Findings& findings) {
  Where place = image.at(kLengthField);
  if (image.length < image.header_size()) {
    findings.add("TRX003", place,
                 fmt::format("length is {} bytes, less than the header's {}", image.length,
                             image.header_size()),
                 "build the image again");
    return;
  }
  if (image.length > image.available) {
    std::uint64_t missing = image.length - image.available;
    findings.add("TRX004", place,
                 fmt::format("length is {:#x}, but the file ends at {:#x}: {} byte{} missing",
                             image.length, image.available, missing, plural(missing)),
                 "fetch the file again: it is cut short");
  }
  if (image.parts_end() != image.length) {
    findings.add(
        "TRX023", place,
        fmt::format("length {:#x} covers only the first parts: the flash was changed after "
                    "it was written, as `mtd fixtrx` and DD-WRT do",
                    image.length));
  }
  if (image.length % kImageAlignment != 0 && !image.from_flash) {
    findings.add("TRX018", place,
                 fmt::format("length {:#x} is no multiple of {}", image.length, kImageAlignment),
                 "usual tools pad an image to 4 KiB");
  }
}

void judge_crc(const Image& image, std::uint32_t computed, Findings& findings) {
  if (image.crc == computed) return;
  bool complemented = image.crc == ~computed;
  findings.add("TRX005", image.at(kCrcField),
               fmt::format("the CRC is {:#010x}, but the bytes give {:#010x}", image.crc, computed),
               complemented ? "it is the complement: TRX takes CRC-32 without the final one"
                            : "the image is damaged or was changed after it was made");
}

void judge_flags(const Image& image, Findings& findings) {
  constexpr unsigned kHarmless = kFlagGzipFiles | kFlagUncompressed;
  unsigned flags = image.flags;
  if ((flags & kFlagNoHeader) != 0) {
    findings.add("TRX006", image.at(kFlagsField),
                 "flag 0x0001 says that the header must not be written to the flash",
                 "the boot loader looks for the header there: build the image without the flag");
  }
  if (unsigned unknown = flags & ~kHarmless & ~unsigned{kFlagNoHeader}; unknown != 0) {
    findings.add("TRX006", image.at(kFlagsField),
                 fmt::format("flags {:#06x} hold unknown bits {:#06x}", flags, unknown),
                 "flags are normally 0");
  }
  if ((flags & kHarmless) != 0) {
    findings.add("TRX007", image.at(kFlagsField),
                 fmt::format("flags are {:#06x}; no known boot loader reads them", flags));
  }
}

void judge_version(const Image& image, const board::Board* board, Findings& findings) {
  if (image.version != 1 && image.version != 2) {
    findings.add("TRX008", image.at(kVersionField),
                 fmt::format("version {} does not exist", image.version), "versions are 1 and 2");
  } else if (board != nullptr && image.version != board->trx.version) {
    findings.add("TRX009", image.at(kVersionField),
                 fmt::format("version is {}, but {} takes version {}", image.version, board->name,
                             board->trx.version),
                 "pack the image with --board " + board->name);
  }
}

void judge_trailer(const Image& image, const Trailer& trailer, Findings& findings) {
  if (!trailer.foreign || image.length < image.header_size()) return;
  if (image.from_flash) {
    findings.add(
        "TRX024", image.at(*trailer.foreign),
        fmt::format("behind length {:#x} there is more than padding: what a running system "
                    "wrote, or parts that length does not cover",
                    image.length));
    return;
  }
  std::uint64_t behind = image.available - image.length;
  findings.add(
      "TRX017", image.at(*trailer.foreign),
      fmt::format("{} byte{} behind the image's end {:#x} are more than a JFFS2 marker and "
                  "padding",
                  behind, plural(behind), image.length),
      "no CRC covers them: cut them off, or pack them as a part");
}

}  // namespace

Findings judge_image(const Image& image, std::uint32_t computed_crc, const Trailer& trailer,
                     const board::Board* board, std::span<const std::string> owners) {
  Findings findings;
  judge_magic(image, board, owners, findings);
  judge_length(image, findings);
  judge_crc(image, computed_crc, findings);
  judge_flags(image, findings);
  judge_version(image, board, findings);
  judge_offsets(image, findings);
  judge_trailer(image, trailer, findings);
  return findings;
}

}  // namespace trxkit::trx
