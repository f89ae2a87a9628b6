// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/firmware/extract_recipe.h"

#include <algorithm>

#include "lib/firmware/verify.h"

namespace trxkit::firmware {
namespace {

using trx::PayloadKind;
using Kind = PackStep::Kind;

// Whether [from, to) of the image is zeros, as far as the file goes.
Result<bool> is_zero(const InputFile& file, const trx::Image& image, std::uint64_t from,
                     std::uint64_t to) {
  bool zero = true;
  TRY(file.for_each_block(image.position + from, to - from, [&](Bytes bytes) -> Status {
    zero = zero && std::ranges::all_of(bytes, [](std::byte byte) { return byte == std::byte{0}; });
    return {};
  }));
  return zero;
}

std::unexpected<Error> no_recipe(const trx::Image& image, const std::string& why) {
  auto failure = fail_at(image.at(0), Code::bad_input, "no recipe gives this image again: {}", why);
  failure.error().finding = "TRX052";
  return advise(std::move(failure), "trxtool verify says all that is wrong with it");
}

// A container that starts the file, and what is in it, are all of the file.
bool fills_file(const InputFile& file, const Analysis& analysis) {
  const trx::Container& container = analysis.container;
  bool in_front = container.position < analysis.image.position;
  std::uint64_t start = in_front ? container.position : analysis.image.position;
  return start == 0 && container.file_size == file.size();
}

// pack makes sound images only, and of version 2 only those with a CyberTAN header.
Status check_image(const InputFile& file, const Analysis& analysis) {
  const trx::Image& image = analysis.image;
  if (!fills_file(file, analysis)) {
    return no_recipe(image, "it is not the whole file, and a recipe makes no dump");
  }
  Findings findings = judge(analysis, {}, nullptr);
  if (!findings.passed()) return no_recipe(image, as_error(findings, Code::bad_input).what);
  if (image.version == 2 && image.parts.back().number != trx::kMaximumParts) {
    return no_recipe(image, "it has no part 4 although it is of version 2");
  }
  return {};
}

// Writes down steps until the composition would be at a place.
class RecipeWriter {
 public:
  explicit RecipeWriter(const trx::Image& image) : size_(image.header_size()) {}

  /// A file of `size` bytes, `offset` bytes from the header.
  void add(Kind kind, const std::string& name, std::uint64_t offset, std::uint64_t size) {
    go_to(offset);
    steps_.push_back({kind, name, 0});
    size_ += align_up(size, trx::kPartAlignment);
  }
  void add_before(const std::string& name) { steps_.push_back({Kind::before, name, 0}); }
  /// pack pads each file to 4 bytes; what starts before that end takes the padding back.
  void go_to(std::uint64_t offset) {
    if (offset < size_) steps_.push_back({Kind::cut, {}, size_ - offset});
    if (offset > size_) steps_.push_back({Kind::offset, {}, offset});
    size_ = offset;
  }
  std::vector<PackStep> take() { return std::move(steps_); }

 private:
  std::uint64_t size_;
  std::vector<PackStep> steps_;
};

std::string_view extension_of(PayloadKind kind) {
  switch (kind) {
    case PayloadKind::gzip:
      return "gz";
    case PayloadKind::lzma:
    case PayloadKind::squashfs:
    case PayloadKind::jffs2:
    case PayloadKind::elf:
      return name_of(kind);
    case PayloadKind::empty:
    case PayloadKind::mips_code:
    case PayloadKind::unknown:
      break;
  }
  return "bin";
}

bool is_packed(PayloadKind kind) {
  return kind == PayloadKind::gzip || kind == PayloadKind::lzma;
}

}  // namespace

std::uint64_t stored_size(const trx::Payload& payload) {
  bool padded = is_packed(payload.kind) && payload.own_end() && !payload.foreign;
  return padded ? *payload.own_end() - payload.part.offset : payload.part.size();
}

std::string file_name(const trx::Payload& payload, bool unpacked) {
  std::string_view extension =
      unpacked && is_packed(payload.kind) ? "bin" : extension_of(payload.kind);
  return fmt::format("part{}.{}", payload.part.number, extension);
}

Result<ExtractPlan> plan_extraction(const InputFile& file, const Analysis& analysis) {
  TRY(check_image(file, analysis));
  const trx::Image& image = analysis.image;
  ExtractPlan plan;
  RecipeWriter writer(image);
  auto add = [&](Kind kind, unsigned part, std::string name, std::uint64_t from, std::uint64_t to) {
    writer.add(kind, name, from, to - from);
    plan.pieces.push_back({part, std::move(name), image.position + from, to - from});
  };
  if (image.position > 0) {
    plan.pieces.push_back({0, "before.bin", 0, image.position});
    writer.add_before(plan.pieces.back().name);
  }
  for (const trx::Payload& payload : analysis.payloads) {
    const trx::Part& part = payload.part;
    std::uint64_t end = part.offset + stored_size(payload);
    Kind kind = part.number == trx::kMaximumParts ? Kind::fourth : Kind::part;
    add(kind, part.number, file_name(payload, false), part.offset, end);
    if (TRY(is_zero(file, image, end, part.end))) continue;
    add(Kind::append, part.number, fmt::format("part{}.padding", part.number), end, part.end);
  }
  if (image.around.tail != 0) {
    unsigned last = image.parts.back().number;
    add(Kind::append, last, "asus.tail", image.length - image.around.tail, image.length);
  }
  writer.go_to(image.length);
  // Padding behind a container that says where it ends is part of the file as well.
  std::uint64_t end = file.size() - image.position;
  if (end > image.length) {
    add(Kind::behind, 0, "behind.bin", image.length, end);
    writer.go_to(end);
  }
  plan.recipe.magic = image.magic;
  plan.recipe.version = image.version;
  plan.recipe.flags = image.flags;
  plan.recipe.alignment = 1;  // the steps say every place
  plan.recipe.steps = writer.take();
  return plan;
}

}  // namespace trxkit::firmware
