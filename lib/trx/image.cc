// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/trx/image.h"

#include <algorithm>

#include "lib/trx/magic.h"

namespace trxkit::trx {
namespace {

std::uint64_t end_of(std::uint64_t offset, const Image& image) {
  std::uint64_t end = image.parts_end();
  if (end == image.length) end -= std::min(end, image.around.tail);
  for (std::size_t i = 0; i < image.offsets.size(); ++i) {
    std::uint64_t other = image.start_of(i);
    if (other > offset) end = std::min(end, other);
  }
  return std::max(offset, std::min(end, image.available));
}

void find_parts(Image& image) {
  image.parts.clear();
  for (std::size_t i = 0; i < image.offsets.size(); ++i) {
    if (image.offsets[i] == 0) continue;
    std::uint64_t start = image.start_of(i);
    image.parts.push_back({static_cast<unsigned>(i + 1), start, end_of(start, image)});
  }
}

std::unexpected<Error> cut_header(const InputFile& file, std::uint64_t position,
                                  std::uint64_t available, bool known) {
  if (position > 0 && available == 0) {
    return advise(fail_at({file.name(), position}, Code::bad_input,
                          "there is nothing here: the file ends at {:#x}", file.size()),
                  "trxtool inspect --scan finds images inside other files");
  }
  auto failure = fail_at({file.name(), position}, Code::bad_input,
                         "{} bytes are no TRX image: its header alone takes 28", available);
  if (known) failure.error().finding = "TRX002";
  return advise(std::move(failure), "fetch or build the file again: it is cut short");
}

}  // namespace

bool looks_like_trx(const Image& image) {
  bool first_part =
      image.offsets[0] == sizeof(TrxHeaderV1) || image.offsets[0] == sizeof(TrxHeaderV2);
  return (image.version == 1 || image.version == 2) && first_part;
}

std::uint64_t Image::start_of(std::size_t index) const {
  std::uint64_t offset = offsets[index];
  return index == 2 ? offset - std::min(offset, around.third_shift) : offset;
}

Image interpret(std::string file, std::uint64_t position, std::uint64_t available,
                const TrxHeaderV2& header, const Surroundings& around) {
  Image image;
  image.around = around;
  image.file = std::move(file);
  image.position = position;
  image.available = available;
  image.magic = header.magic;
  image.length = header.length;
  image.crc = header.crc;
  image.flags = header.flags;
  image.version = header.version;
  image.offsets.assign(header.offset.begin(), header.offset.end() - (image.version == 2 ? 0 : 1));
  image.fourth_field = header.offset.back();
  find_parts(image);
  return image;
}

std::uint64_t Image::parts_end() const {
  bool covers_all = std::ranges::all_of(
      offsets, [&](std::uint32_t offset) { return offset == 0 || offset < length; });
  return from_flash && !covers_all ? available : length;
}

void take_as_dump(Image& image, std::uint64_t room) {
  image.from_flash = true;
  image.available = std::min(image.available, room);
  find_parts(image);
}

Result<Image> read_image(const InputFile& file, std::uint64_t position,
                         std::optional<std::uint32_t> expected_magic, const Surroundings& around) {
  std::uint64_t end = std::min(file.size(), around.end);
  std::uint64_t available = position < end ? end - position : 0;
  TrxHeaderV2 header;
  MutableBytes target = std::as_writable_bytes(std::span(&header, 1));
  auto there = static_cast<std::size_t>(std::min<std::uint64_t>(available, target.size()));
  TRY(file.read_at(std::min(position, file.size()), target.first(there)));
  bool known = there >= sizeof(header.magic) &&
               (header.magic == expected_magic || models_of_magic(header.magic).has_value());
  std::size_t needed = header.version == 2 ? sizeof(TrxHeaderV2) : sizeof(TrxHeaderV1);
  if (there < needed) return cut_header(file, position, available, known);
  Image image = interpret(file.name(), position, available, header, around);
  if (known || looks_like_trx(image)) return image;
  return advise(fail_at({file.name(), position}, Code::bad_input,
                        "is no TRX image: neither its first word {:#010x} nor its header is one",
                        image.magic),
                "trxtool inspect --scan finds images inside other files");
}

std::uint64_t masked_bytes(const Image& image) {
  if (image.offsets.size() < kMaximumParts || image.offsets[3] < image.header_size()) return 0;
  std::uint64_t start = std::uint64_t{image.offsets[3]} + kMaskStart;
  std::uint64_t end = std::min<std::uint64_t>(image.length, image.available);
  return range_inside(start, kMaskLength, end) ? start : 0;
}

Result<std::uint32_t> compute_crc(const InputFile& file, const Image& image) {
  constexpr std::array<std::uint8_t, kMaskLength> kMask{0xff, 0xff, 0xff, 0xff,
                                                        0xff, 0xff, 0xff, 0xff};
  Crc32 crc;
  auto add = [&](std::uint64_t from, std::uint64_t to) -> Status {
    if (from >= to) return {};
    return file.for_each_block(image.position + from, to - from, [&](Bytes bytes) -> Status {
      crc.update(bytes);
      return {};
    });
  };
  std::uint64_t end = std::min<std::uint64_t>(image.length, image.available);
  std::uint64_t start = kCrcStart;
  if (std::uint64_t mask = masked_bytes(image); mask != 0) {
    TRY(add(start, mask));
    crc.update(std::as_bytes(std::span(kMask)));
    start = mask + kMaskLength;
  }
  TRY(add(start, end));
  return crc.jamcrc();
}

}  // namespace trxkit::trx
