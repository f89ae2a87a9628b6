// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Of XML this reads what bmap-tools writes: elements with text, one attribute, comments.
#include <algorithm>

#include "lib/core/digest.h"
#include "lib/core/field_text.h"
#include "lib/image/bmap.h"

namespace trxkit::image {
namespace {

std::unexpected<Error> misfit(const Where& where, const std::string& what) {
  auto failure = fail_at(where, Code::bad_input, "{}", what);
  failure.error().finding = "DEV013";
  return advise(std::move(failure), "make the map again, or take it away");
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  std::size_t start = text.find_first_not_of(kBlanks);
  if (start == std::string_view::npos) return {};
  return text.substr(start, text.find_last_not_of(kBlanks) - start + 1);
}

std::string without_comments(std::string_view text) {
  std::string result;
  while (true) {
    std::size_t start = text.find("<!--");
    result += text.substr(0, start);
    if (start == std::string_view::npos) return result;
    std::size_t end = text.find("-->", start);
    if (end == std::string_view::npos) return result;
    text.remove_prefix(end + 3);
  }
}

class MapReader {
 public:
  MapReader(std::string_view text, const std::string& name)
      : original_(text), text_(without_comments(text)), name_(name) {}

  Result<BlockMap> run() {
    TRY(check_head());
    map_.image_size = TRY(number("ImageSize"));
    block_size_ = TRY(number("BlockSize"));
    if (block_size_ < 512 || block_size_ > 1 << 20) return wrong("has blocks of no usual size");
    TRY(read_ranges());
    if (blocks_ != TRY(number("MappedBlocksCount"))) return wrong("does not count its own blocks");
    return std::move(map_);
  }

 private:
  std::unexpected<Error> wrong(const std::string& what) const { return misfit({name_, {}}, what); }

  /// The text of the first element `name`.
  Result<std::string_view> element(std::string_view name) const {
    std::string_view text = text_;
    std::size_t start = text.find(fmt::format("<{}>", name));
    std::size_t end = text.find(fmt::format("</{}>", name));
    if (start == text.npos || end == text.npos || end < start) {
      return wrong(fmt::format("has no {}: it is no block map", name));
    }
    start += name.size() + 2;
    return trimmed(text.substr(start, end - start));
  }

  Result<std::uint64_t> parse(std::string_view digits) const {
    if (auto value = decimal_number(digits)) return *value;
    return wrong(fmt::format("has '{}' for a number", digits));
  }
  Result<std::uint64_t> number(std::string_view name) const { return parse(TRY(element(name))); }

  Status check_head() const {
    if (!text_.contains("<bmap version=\"2.")) return wrong("is no block map of version 2");
    if (TRY(element("ChecksumType")) != "sha256") return wrong("has other hashes than SHA-256");
    std::string_view own = TRY(element("BmapFileChecksum"));
    if (!is_sha256_text(own)) return wrong("has no hash of itself");
    // Made with zeros where it stands; a comment in it would make it none.
    std::string zeroed(original_);
    std::size_t place = zeroed.find(own);
    if (place == zeroed.npos) return wrong("has no hash of itself");
    zeroed.replace(place, own.size(), own.size(), '0');
    Sha256 hash;
    hash.update(as_bytes(zeroed));
    if (hex(hash.digest()) == own) return {};
    return wrong("was changed since it was made: its own hash is wrong");
  }

  Status read_ranges() {
    std::string_view rest = text_;
    while (true) {
      constexpr std::string_view kStart = "<Range chksum=\"";
      std::size_t start = rest.find(kStart);
      if (start == rest.npos) return {};
      rest.remove_prefix(start + kStart.size());
      std::size_t quote = rest.find("\">");
      std::size_t end = rest.find("</Range>");
      if (quote == rest.npos || end == rest.npos || end < quote ||
          !is_sha256_text(rest.substr(0, quote))) {
        return wrong("has a range without its hash");
      }
      TRY(add(trimmed(rest.substr(quote + 2, end - quote - 2)), rest.substr(0, quote)));
    }
  }

  /// "7" or "7-12", in blocks.
  Status add(std::string_view blocks, std::string_view sha256) {
    std::size_t dash = blocks.find('-');
    std::uint64_t first = TRY(parse(trimmed(blocks.substr(0, dash))));
    std::uint64_t last = dash == blocks.npos ? first : TRY(parse(trimmed(blocks.substr(dash + 1))));
    std::uint64_t all = align_up(map_.image_size, block_size_) / block_size_;
    if (last < first || last >= all || first < next_) {
      return wrong(fmt::format("has a range {} that lies wrong", blocks));
    }
    std::uint64_t start = first * block_size_;
    std::uint64_t end = std::min((last + 1) * block_size_, map_.image_size);
    map_.ranges.push_back({{start, end - start}, std::string(sha256)});
    next_ = last + 1;
    blocks_ += last - first + 1;
    return {};
  }

  std::string_view original_;
  std::string text_;
  const std::string& name_;
  BlockMap map_;
  std::uint64_t block_size_ = 0;
  std::uint64_t next_ = 0;    // block behind the last range
  std::uint64_t blocks_ = 0;  // in all ranges
};

}  // namespace

ByteRanges BlockMap::bytes() const {
  ByteRanges all;
  for (const Range& range : ranges) all.push_back(range.bytes);
  return united(std::move(all));
}

Result<BlockMap> parse_bmap(std::string_view text, const std::string& name) {
  return MapReader(text, name).run();
}

Status check_bmap(const BlockMap& map, const std::string& name, const InputFile& image) {
  if (map.image_size != image.size()) {
    return misfit({name, {}}, fmt::format("is the map of an image of {} bytes; {} has {}",
                                          map.image_size, image.name(), image.size()));
  }
  for (const BlockMap::Range& range : map.ranges) {
    Sha256 hash;
    TRY(image.for_each_block(range.bytes.offset, range.bytes.size, [&](Bytes bytes) -> Status {
      hash.update(bytes);
      return {};
    }));
    if (hex(hash.digest()) == range.sha256) continue;
    return misfit({image.name(), range.bytes.offset},
                  fmt::format("{} bytes from {:#x} are not those that {} was made for",
                              range.bytes.size, range.bytes.offset, name));
  }
  return {};
}

}  // namespace trxkit::image
