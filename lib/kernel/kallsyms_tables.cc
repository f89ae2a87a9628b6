// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/kernel/kallsyms_tables.h"

#include <algorithm>

#include "lib/kernel/scan.h"

namespace trxkit::kernel {
namespace {

constexpr std::uint64_t kIndexSize = 256 * sizeof(le16);
constexpr std::uint64_t kLongestToken = 512;  // KSYM_NAME_LEN of Linux 6.1
constexpr std::uint64_t kLargestTokens = 0x10000 + kLongestToken;
constexpr std::uint32_t kMaximumCount = 1 << 20;  // symbols; a distribution's kernel has 200,000
constexpr std::uint64_t kWindow = 8 << 20;        // names, markers and sequence numbers
constexpr std::uint64_t kBlock = 256 * 1024;
constexpr std::uint64_t kMaximumSteps = 32 << 20;  // names looked at in all, in a hostile file
constexpr unsigned kMaximumIndexes = 64;

std::uint16_t half_at(Bytes bytes, std::uint64_t offset) {
  return static_cast<std::uint16_t>(std::to_integer<unsigned>(bytes[offset]) |
                                    std::to_integer<unsigned>(bytes[offset + 1]) << 8);
}

std::uint32_t word_at(Bytes bytes, std::uint64_t offset) {
  return half_at(bytes, offset) | static_cast<std::uint32_t>(half_at(bytes, offset + 2)) << 16;
}

bool is_zero(Bytes bytes) {
  return std::ranges::all_of(bytes, [](std::byte byte) { return byte == std::byte{0}; });
}

/// Whether 256 ascending positions from 0 lie at `offset` of `block`.
bool is_token_index(Bytes block, std::uint64_t offset) {
  if (half_at(block, offset) != 0) return false;
  for (std::uint64_t i = 2; i < kIndexSize; i += 2) {
    if (half_at(block, offset + i) <= half_at(block, offset + i - 2)) return false;
  }
  return true;
}

/// The search in one loaded range. Tables start at multiples of `alignment`: ".balign 4", in older
/// kernels ".align 4", which the MIPS assembler takes as 2 to the power of 4.
class Search {
 public:
  Search(const InputFile& file, FileRange range, std::uint64_t alignment)
      : file_(file), range_(range), alignment_(alignment) {}

  Result<std::optional<KallsymsTables>> run() {
    std::uint64_t first = align_up(range_.offset, alignment_);
    std::uint64_t end = range_.offset + range_.size;
    const std::uint64_t step = kBlock - kIndexSize;
    for (std::uint64_t at = first; at < end; at += step) {
      auto block = TRY(file_.bytes_at(at, std::min(kBlock, end - at)));
      for (std::uint64_t i = 0; i < step && i + kIndexSize <= block.size(); i += alignment_) {
        if (!is_token_index(block, i) || ++indexes_ > kMaximumIndexes) continue;
        if (TRY(tables_around(at + i, Bytes(block).subspan(i, kIndexSize)))) return tables_;
      }
    }
    return std::nullopt;
  }

 private:
  Result<bool> tables_around(std::uint64_t index, Bytes bytes) {
    tables_ = {};
    for (std::size_t i = 0; i < tables_.token_index.size(); ++i) {
      tables_.token_index[i] = half_at(bytes, 2 * i);
    }
    auto tokens = TRY(find_tokens(index));
    if (!tokens) return false;
    auto count = TRY(find_names(*tokens));
    if (!count) return false;
    TRY(read_addresses(*count, index + kIndexSize));
    return !tables_.addresses.empty();
  }

  /// Where the token table starts that ends at the index: each text ends where the next begins.
  Result<std::optional<std::uint64_t>> find_tokens(std::uint64_t index) {
    std::uint64_t start = index - std::min(index - range_.offset, kLargestTokens);
    auto before = TRY(file_.bytes_at(start, index - start));
    std::uint64_t last = tables_.token_index.back();
    std::uint64_t largest = std::min<std::uint64_t>(before.size(), last + kLongestToken);
    for (std::uint64_t size = align_up(last + 1, alignment_); size <= largest; size += alignment_) {
      Bytes table = Bytes(before).last(size);
      if (!are_tokens(table)) continue;
      tables_.tokens.assign(table.begin(), table.end());
      return index - size;
    }
    return std::nullopt;
  }

  bool are_tokens(Bytes table) const {
    const auto& index = tables_.token_index;
    for (std::size_t i = 1; i < index.size(); ++i) {
      if (as_text(table.subspan(index[i - 1], index[i] - index[i - 1])).find('\0') !=
          std::size_t{index[i]} - index[i - 1] - 1) {
        return false;
      }
    }
    std::size_t last_end = as_text(table.subspan(index.back())).find('\0');
    return last_end != std::string_view::npos && is_zero(table.subspan(index.back() + last_end));
  }

  /// Where the number of symbols stands. Behind it: names, markers, and since Linux 6.1.y perhaps
  /// three bytes a symbol for the order of names, up to the tokens.
  Result<std::optional<std::uint64_t>> find_names(std::uint64_t tokens) {
    std::uint64_t start = tokens - std::min(tokens - range_.offset, kWindow);
    start = align_up(start, alignment_);
    auto window = TRY(file_.bytes_at(start, tokens - std::min(start, tokens)));
    for (std::uint64_t at = align_up(window.size(), alignment_); at >= alignment_;) {
      at -= alignment_;
      if (at + alignment_ > window.size() || steps_ > kMaximumSteps) continue;
      std::uint32_t count = word_at(window, at);
      std::uint64_t room = window.size() - at - alignment_;
      if (count == 0 || count > kMaximumCount || 2 * std::uint64_t{count} > room) continue;
      if (room > count * (kLongestToken + 8) + 64) continue;
      if (auto size = names_size(Bytes(window).subspan(at + alignment_), count)) {
        Bytes names = Bytes(window).subspan(at + alignment_, *size);
        tables_.count = count;
        tables_.names.assign(names.begin(), names.end());
        return start + at;
      }
    }
    return std::nullopt;
  }

  /// The bytes that `count` names at the start of `bytes` take, if markers and tokens follow.
  std::optional<std::uint64_t> names_size(Bytes bytes, std::uint32_t count) {
    std::vector<std::uint32_t> markers;
    std::uint64_t at = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
      if (i % 256 == 0) markers.push_back(static_cast<std::uint32_t>(at));
      ++steps_;
      auto length = name_length(bytes.subspan(at));
      if (!length || !is_type(bytes[at + length->bytes])) return std::nullopt;
      at += length->bytes + length->tokens;
    }
    std::uint64_t markers_at = align_up(at, alignment_);
    std::uint64_t markers_end = align_up(markers_at + 4 * markers.size(), alignment_);
    std::uint64_t order_end = align_up(markers_end + 3 * std::uint64_t{count}, alignment_);
    if (markers_end != bytes.size() && order_end != bytes.size()) return std::nullopt;
    for (std::size_t i = 0; i < markers.size(); ++i) {
      if (word_at(bytes, markers_at + 4 * i) != markers[i]) return std::nullopt;
    }
    return at;
  }

  /// A name begins with its type as nm(1) gives it: a letter.
  bool is_type(std::byte token) const {
    char type = as_text(tables_.tokens)[tables_.token_index[std::to_integer<std::size_t>(token)]];
    return (type >= 'a' && type <= 'z') || (type >= 'A' && type <= 'Z');
  }

  Status read_addresses(std::uint64_t count_at, std::uint64_t index_end) {
    std::uint64_t size = align_up(4 * std::uint64_t{tables_.count}, alignment_);
    std::uint64_t behind = align_up(index_end, alignment_);
    if (count_at - range_.offset >= size + alignment_) {
      std::uint64_t base = count_at - alignment_;
      TRY(add_addresses(base - size, base));
    }
    if (count_at - range_.offset >= size) TRY(add_addresses(count_at - size, std::nullopt));
    TRY(add_addresses(behind, behind + size));
    return add_addresses(behind, std::nullopt);
  }

  /// The words from `start`, relative to the word at `base` where there is one. Addresses ascend;
  /// what does not is none.
  Status add_addresses(std::uint64_t start, std::optional<std::uint64_t> base_at) {
    std::uint64_t size = 4 * std::uint64_t{tables_.count};
    std::uint64_t end = base_at ? *base_at + 4 : start + size;
    if (end > range_.offset + range_.size) return {};
    std::uint32_t base = base_at ? TRY(file_.read_struct<le32>(*base_at)).value() : 0;
    auto bytes = TRY(file_.bytes_at(start, size));
    std::vector<std::uint32_t> list(tables_.count);
    for (std::size_t i = 0; i < list.size(); ++i) list[i] = base + word_at(bytes, 4 * i);
    if (std::ranges::is_sorted(list)) tables_.addresses.push_back(std::move(list));
    return {};
  }

  const InputFile& file_;
  FileRange range_;
  std::uint64_t alignment_;
  KallsymsTables tables_;
  std::uint64_t steps_ = 0;
  unsigned indexes_ = 0;
};

}  // namespace

std::optional<NameLength> name_length(Bytes names) {
  if (names.empty()) return std::nullopt;
  constexpr std::size_t kMore = 0x80;
  NameLength length{std::to_integer<std::size_t>(names[0]), 1};
  if (length.tokens >= kMore) {
    if (names.size() < 2) return std::nullopt;
    length = {(length.tokens - kMore) | std::to_integer<std::size_t>(names[1]) << 7, 2};
  }
  if (length.tokens == 0 || names.size() - length.bytes < length.tokens) return std::nullopt;
  return length;
}

Result<std::optional<KallsymsTables>> find_kallsyms(const InputFile& file, const KernelElf& elf) {
  for (std::uint64_t alignment : {std::uint64_t{4}, std::uint64_t{16}}) {
    for (const FileRange& range : loaded_ranges(elf)) {
      if (auto tables = TRY(Search(file, range, alignment).run())) return tables;
    }
  }
  return std::nullopt;
}

}  // namespace trxkit::kernel
