// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/firmware/unwrap.h"

#include <algorithm>

#include "lib/trx/judge.h"
#include "lib/trx/wrapped.h"

namespace trxkit::firmware {
namespace {

using trx::Image;
using trx::Sink;
using trx::Wrapped;

Status judge_crc(const InputFile& file, const Image& image, Findings& findings) {
  std::uint32_t crc = TRY(trx::compute_crc(file, image));
  if (crc == image.crc) return {};
  findings.add("TRX005", image.at(trx::kCrcField),
               fmt::format("the CRC is {:#010x}, but the bytes give {:#010x}", image.crc, crc),
               "the image may be damaged");
  return {};
}

// Where part 3 lies in an Edimax image and where it belongs; nothing to do without one.
const trx::Part* shifted_part(const Image& image) {
  auto third = std::ranges::find(image.parts, 3U, &trx::Part::number);
  bool inside = third != image.parts.end() && third->offset > image.header_size() &&
                third->offset + image.around.third_shift < image.length;
  return inside ? &*third : nullptr;
}

// The image with part 3 where its offset says, but for the header: zeros in the gap, and as many
// bytes less at the end, which trx2edips.c only leaves behind.
Status visit_edimax(const InputFile& file, const Image& image, const trx::Part& third,
                    std::uint64_t from, const Sink& sink) {
  constexpr std::array<std::byte, trx::kEdimaxHeaderSize> kGap{};
  std::uint64_t start = image.position;
  TRY(file.for_each_block(start + from, third.offset - from, sink));
  TRY(sink(kGap));
  std::uint64_t rest = image.length - kGap.size() - third.offset;
  TRY(file.for_each_block(start + third.offset, rest, sink));
  return file.for_each_block(start + image.length, image.available - image.length, sink);
}

Status write_edimax(const InputFile& file, const Image& image, OutputFile& output) {
  const trx::Part* third = shifted_part(image);
  bool complete = image.length <= image.available && trx::masked_bytes(image) == 0;
  if (third == nullptr || !complete) {
    return advise(fail_at(image.at(0), Code::bad_input,
                          "part 3 is not inside the image, so it cannot be moved back"),
                  "trxtool verify shows what is wrong with it");
  }
  std::uint64_t left = image.length - trx::kCrcStart;
  Crc32 crc;
  TRY(visit_edimax(file, image, *third, trx::kCrcStart, [&](Bytes bytes) -> Status {
    auto covered = static_cast<std::size_t>(std::min<std::uint64_t>(left, bytes.size()));
    crc.update(bytes.first(covered));
    left -= covered;
    return {};
  }));
  auto header = TRY(file.read_struct<trx::TrxHeaderV1>(image.position));
  header.crc = crc.jamcrc();
  TRY(output.write(as_bytes(header)));
  return visit_edimax(file, image, *third, sizeof(header),
                      [&](Bytes bytes) { return output.write(bytes); });
}

}  // namespace

Result<Unwrapped> unwrap(const InputFile& file, std::optional<std::uint64_t> offset,
                         const std::string& output_name) {
  trx::Place place{.position = offset.value_or(0), .embedded = offset.has_value()};
  Wrapped wrapped = TRY(trx::read_wrapped(file, place, std::nullopt));
  const Image& image = wrapped.image;
  Unwrapped result;
  result.findings = trx::judge_wrapped(wrapped.container, image, wrapped.fourth, nullptr);
  TRY(judge_crc(file, image, result.findings));
  auto output = TRY(OutputFile::create(output_name));
  if (wrapped.container.kind == board::ContainerKind::edimax) {
    if (!result.findings.passed())
      return std::unexpected(as_error(result.findings, Code::bad_input));
    TRY(write_edimax(file, image, output));
  } else {
    TRY(file.for_each_block(image.position, image.available,
                            [&](Bytes bytes) { return output.write(bytes); }));
  }
  result.size = output.position();
  TRY(output.commit());
  return result;
}

}  // namespace trxkit::firmware
