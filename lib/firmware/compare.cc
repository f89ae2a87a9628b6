// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/firmware/compare.h"

#include <algorithm>

#include "lib/core/units.h"
#include "lib/firmware/compare_contents.h"
#include "lib/trx/magic.h"

namespace trxkit::firmware {
namespace {

using trx::FileRange;
using trx::Payload;

// One of the two images with its file.
struct Side {
  const InputFile& file;
  Analysis analysis;

  /// Bytes [from, to) behind the header's first byte.
  FileRange range(std::uint64_t from, std::uint64_t to) const {
    const trx::Image& image = analysis.image;
    std::uint64_t end = std::min(to, image.available);
    std::uint64_t start = std::min(from, end);
    return {&file, image.position + start, end - start};
  }
  /// What the file holds in front of the header and behind the image: a container.
  FileRange front() const { return {&file, 0, analysis.image.position}; }
  FileRange rear() const {
    std::uint64_t end = analysis.image.position + analysis.image.available;
    return {&file, end, file.size() - end};
  }
  FileRange payload(const Payload& payload) const {
    return range(payload.part.offset, end_of(payload));
  }
  FileRange padding(const Payload& payload) const {
    return range(end_of(payload), payload.part.end);
  }
  const Payload* part(unsigned number) const {
    for (const Payload& payload : analysis.payloads) {
      if (payload.part.number == number) return &payload;
    }
    return nullptr;
  }

 private:
  static std::uint64_t end_of(const Payload& payload) {
    return std::min(payload.own_end().value_or(payload.part.end), payload.part.end);
  }
};

std::string hexadecimal(std::uint64_t value) {
  return fmt::format("{:#x}", value);
}

std::string size_text(std::uint64_t bytes) {
  return fmt::format("{} ({})", bytes, human_size(bytes));
}

class Comparison {
 public:
  Comparison(Side a, Side b) : a_(std::move(a)), b_(std::move(b)) {}

  Result<std::vector<Difference>> run();

 private:
  void header();
  Status part(unsigned number);
  void fields(const std::string& place, const Payload& a, const Payload& b);
  void squashfs(const std::string& place, const Payload& a, const Payload& b);
  Status payload(const std::string& place, const Payload& a, const Payload& b);
  Status contents(const std::string& place, const std::string& field, const FileRange& a,
                  const FileRange& b);
  Status surroundings();

  // The same for every kind of value: nothing where they are equal.
  template <typename T, typename Text>
  void value(const std::string& place, const std::string& field, const T& a, const T& b,
             const Text& text) {
    if (a == b) return;
    differences_.push_back({place, field, Json(a), Json(b), text(a) + " -> " + text(b)});
  }
  void words(const std::string& place, const std::string& field, const std::string& a,
             const std::string& b) {
    value(place, field, a, b, [](const std::string& word) { return word.empty() ? "none" : word; });
  }

  Side a_;
  Side b_;
  std::vector<Difference> differences_;
};

void Comparison::header() {
  const trx::Image& a = a_.analysis.image;
  const trx::Image& b = b_.analysis.image;
  value("file", "size", a_.file.size(), b_.file.size(), size_text);
  value("file", "header", a.position, b.position, hexadecimal);
  value("header", "magic", a.magic, b.magic, trx::describe_magic);
  value("header", "length", a.length, b.length, hexadecimal);
  value("header", "crc", a.crc, b.crc, hexadecimal);
  value("header", "flags", std::uint64_t{a.flags}, std::uint64_t{b.flags}, hexadecimal);
  value("header", "version", std::uint64_t{a.version}, std::uint64_t{b.version},
        [](std::uint64_t version) { return fmt::format("{}", version); });
  value("header", "crc_ok", a.crc == a_.analysis.computed_crc, b.crc == b_.analysis.computed_crc,
        [](bool right) { return std::string(right ? "right" : "wrong"); });
}

void Comparison::squashfs(const std::string& place, const Payload& a, const Payload& b) {
  if (!a.squashfs || !b.squashfs) return;
  words(place, "compression", std::string(squashfs_compression(*a.squashfs)),
        std::string(squashfs_compression(*b.squashfs)));
  value(place, "block_size", a.squashfs->block_size.value(), b.squashfs->block_size.value(),
        size_text);
  auto number = [](std::uint32_t count) { return fmt::format("{}", count); };
  value(place, "inodes", a.squashfs->inodes.value(), b.squashfs->inodes.value(), number);
  value(place, "time", a.squashfs->mkfs_time.value(), b.squashfs->mkfs_time.value(), number);
}

void Comparison::fields(const std::string& place, const Payload& a, const Payload& b) {
  value(place, "offset", a.part.offset, b.part.offset, hexadecimal);
  value(place, "size", a.part.size(), b.part.size(), size_text);
  words(place, "kind", a.label(), b.label());
  if (a.unpacked && b.unpacked) {
    value(place, "unpacked_size", a.unpacked->size, b.unpacked->size, size_text);
    words(place, "fault", a.unpacked->fault, b.unpacked->fault);
  }
  words(place, "banner", a.banner, b.banner);
  words(place, "command_line", a.command_line, b.command_line);
  squashfs(place, a, b);
}

Status Comparison::contents(const std::string& place, const std::string& field, const FileRange& a,
                            const FileRange& b) {
  auto offset = TRY(first_difference(a, b));
  if (!offset) return {};
  std::string text = a.size == b.size ? fmt::format("differ from byte {:#x} on", *offset)
                                      : fmt::format("{} -> {} bytes, differ from byte {:#x} on",
                                                    a.size, b.size, *offset);
  differences_.push_back(
      {place, field, hex(TRY(digest_of(a))), hex(TRY(digest_of(b))), std::move(text)});
  return {};
}

Status Comparison::payload(const std::string& place, const Payload& a, const Payload& b) {
  FileRange left = a_.payload(a);
  FileRange right = b_.payload(b);
  std::size_t known = differences_.size();
  TRY(contents(place, "contents", left, right));
  if (differences_.size() == known) return {};
  auto unpacked = TRY(unpacked_digest_of(left, a.kind));
  if (unpacked && unpacked == TRY(unpacked_digest_of(right, b.kind))) {
    differences_.back().text += "; unpacked they are the same";
  }
  return {};
}

Status Comparison::part(unsigned number) {
  const Payload* a = a_.part(number);
  const Payload* b = b_.part(number);
  if (a == nullptr && b == nullptr) return {};
  std::string place = fmt::format("part {}", number);
  if (a == nullptr || b == nullptr) {
    words(place, "kind", a == nullptr ? "" : a->label(), b == nullptr ? "" : b->label());
    return {};
  }
  fields(place, *a, *b);
  TRY(payload(place, *a, *b));
  return contents(place, "padding", a_.padding(*a), b_.padding(*b));
}

// What no part covers: a container, a gap behind the header, bytes behind `length`. Whatever else
// differs (with overlapping parts) is at least not passed over in silence.
Status Comparison::surroundings() {
  auto gap = [](const Side& side) {
    const trx::Image& image = side.analysis.image;
    std::uint64_t first = image.length;
    for (const trx::Part& part : image.parts) first = std::min(first, part.offset);
    return side.range(image.header_size(), first);
  };
  auto behind = [](const Side& side) {
    return side.range(side.analysis.image.length, side.analysis.image.available);
  };
  TRY(contents("file", "front", a_.front(), b_.front()));
  TRY(contents("file", "rear", a_.rear(), b_.rear()));
  TRY(contents("header", "gap", gap(a_), gap(b_)));
  TRY(contents("behind length", "contents", behind(a_), behind(b_)));
  if (!differences_.empty()) return {};
  return contents("file", "contents", {&a_.file, 0, a_.file.size()}, {&b_.file, 0, b_.file.size()});
}

Result<std::vector<Difference>> Comparison::run() {
  header();
  for (unsigned number = 1; number <= trx::kMaximumParts; ++number) TRY(part(number));
  TRY(surroundings());
  return std::move(differences_);
}

}  // namespace

Result<std::vector<Difference>> compare(const InputFile& a, const InputFile& b) {
  Side left{a, TRY(analyse(a, nullptr, trx::Depth::decode))};
  Side right{b, TRY(analyse(b, nullptr, trx::Depth::decode))};
  return Comparison(std::move(left), std::move(right)).run();
}

}  // namespace trxkit::firmware
