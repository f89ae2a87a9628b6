// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/firmware/bcm47xxpart.h"

#include <algorithm>
#include <array>
#include <optional>

#include "lib/nvram/header.h"

namespace trxkit::firmware {
namespace {

constexpr std::size_t kMostPartitions = 20;
constexpr std::uint64_t kSmallestStep = 0x1000;
constexpr std::uint64_t kScanEnd = 0x2000000;
constexpr std::size_t kBytesOfBlock = 0x4e8;

constexpr std::uint32_t kBoardData = 0x5246504d;
constexpr std::uint32_t kBoardData2 = 0xbd0d0bbd;
constexpr std::uint32_t kFactory = 0x59544346;
constexpr std::uint32_t kPot1 = 0x54544f50;
constexpr std::uint32_t kPot2 = 0x504f;
constexpr std::uint32_t kMl1 = 0x39685a42;
constexpr std::uint32_t kMl2 = 0x26594131;
constexpr std::uint32_t kTrx = 0x30524448;
constexpr std::uint32_t kSquashfs = 0x73717368;
constexpr std::uint32_t kSquashfsSwapped = 0x71736873;
constexpr std::uint32_t kUbi = 0x23494255;

// What one block says by its first bytes.
struct Mark {
  std::string name;
  bool writable = true;
  std::optional<std::uint32_t> skip = {};  // bytes of a TRX; otherwise one block
};

// How the parsers describe a partition: sizes follow from the next one's start.
struct Draft {
  std::string name;
  std::uint64_t offset = 0;
  bool writable = true;
  bool trx = false;
};

class Scan {
 public:
  Scan(const FlashContents& chip, std::uint64_t erase_size)
      : chip_(chip), erase_size_(erase_size), step_(std::max(erase_size, kSmallestStep)) {}

  Result<std::vector<KernelPartition>> run();

 private:
  Result<std::uint32_t> word(std::uint64_t offset) const;
  Result<std::optional<Mark>> mark_of_block(std::uint64_t offset) const;
  Status scan_blocks();
  Status scan_nvram();
  void name_trx_partitions();
  Result<std::vector<Draft>> parse_trx(std::uint64_t start) const;
  KernelPartition register_partition(const Draft& draft, std::uint64_t parent_start,
                                     std::uint64_t parent_size, std::uint64_t size) const;

  const FlashContents& chip_;
  std::uint64_t erase_size_;
  std::uint64_t step_;
  std::vector<Draft> drafts_;
};

Result<std::uint32_t> Scan::word(std::uint64_t offset) const {
  std::array<std::byte, 4> bytes{};
  TRY(chip_.read(offset, bytes));
  return TRY(ByteReader(bytes).read_at<le32>(0)).value();
}

Result<std::optional<Mark>> Scan::mark_of_block(std::uint64_t offset) const {
  std::array<std::byte, kBytesOfBlock> bytes{};
  TRY(chip_.read(offset, bytes));
  ByteReader block(bytes);
  auto at = [&](std::uint64_t place) -> std::uint32_t { return *block.read_at<le32>(place); };

  if ((at(kCfeMarkOffset) == kCfeMark && at(kCfeMarkOffset + 4) == kCfeMark) ||
      at(0x400) == nvram::kMagic)
    return Mark{"boot", false};
  if (at(0x100) == kBoardData) return Mark{"board_data", false};
  if (at(0) == kFactory) return Mark{"factory", false};
  if (at(0) == kPot1 && (at(4) & 0xffff) == kPot2) return Mark{"POT", false};
  if (at(0x10) == kMl1 && at(0x14) == kMl2) return Mark{"ML", false};
  if (at(0) == kTrx) {
    // In 32 bits, as the kernel computes: it wraps where a header claims almost 4 GiB.
    auto step = static_cast<std::uint32_t>(step_);
    std::uint32_t last_part = std::max({at(0x10), at(0x14), at(0x18)});
    std::uint32_t size = std::max(at(4), last_part + step);
    return Mark{"firmware", true, (size + step - 1) / step * step};
  }
  if (at(0) == kSquashfs || at(0) == kSquashfsSwapped) return Mark{"rootfs"};
  if (at(0) == nvram::kMagic && offset != chip_.size() - step_) return Mark{"nvram"};
  if (TRY(word(offset + step_ / 2)) == kBoardData2) return Mark{"board_data", false};
  return std::nullopt;
}

Status Scan::scan_blocks() {
  auto step = static_cast<std::uint32_t>(step_);
  // A wrapped TRX size leads back to the same TRX: the number of partitions ends that.
  for (std::uint32_t offset = 0; offset + step_ <= chip_.size() && offset < kScanEnd;) {
    if (drafts_.size() >= kMostPartitions) return {};
    std::optional<Mark> mark = TRY(mark_of_block(offset));
    bool trx = mark && mark->skip;
    if (mark) drafts_.push_back({mark->name, offset, mark->writable, trx});
    offset += trx ? *mark->skip : step;
  }
  return {};
}

Status Scan::scan_nvram() {
  for (std::uint64_t size : nvram::kSpaces) {
    if (drafts_.size() >= kMostPartitions || size > chip_.size()) return {};
    if (TRY(word(chip_.size() - size)) != nvram::kMagic) continue;
    drafts_.push_back({"nvram", chip_.size() - step_});
    return {};
  }
  return {};
}

// Of two TRX, the first is what the boot loader starts (bootpartition 0); later ones than the
// second keep their name.
void Scan::name_trx_partitions() {
  int count = 0;
  for (Draft& draft : drafts_) {
    if (!draft.trx || ++count == 1) continue;
    draft.trx = false;
    if (count == 2) draft.name = "failsafe";
  }
}

Result<std::vector<Draft>> Scan::parse_trx(std::uint64_t start) const {
  std::array<std::uint64_t, 3> offsets{};
  for (std::size_t i = 0; i < offsets.size(); ++i) offsets[i] = TRY(word(start + 0x10 + 4 * i));
  std::vector<Draft> parts;
  std::size_t next = 0;
  if (offsets[2] != 0) parts.push_back({"loader", offsets[next++]});
  if (next < 3 && offsets[next] != 0) parts.push_back({"linux", offsets[next++]});
  if (next < 3 && offsets[next] != 0) {
    std::uint64_t place = start + offsets[next];
    bool ubi = range_inside(place, 4, chip_.size()) && TRY(word(place)) == kUbi;
    parts.push_back({ubi ? "ubi" : "rootfs", offsets[next]});
  }
  return parts;
}

// mtdpart.c, allocate_partition(): what lies behind the parent is cut off, what starts behind it
// is registered with no size, what is not made of erase blocks becomes read-only.
KernelPartition Scan::register_partition(const Draft& draft, std::uint64_t parent_start,
                                         std::uint64_t parent_size, std::uint64_t size) const {
  KernelPartition result{.name = draft.name, .offset = parent_start, .writable = draft.writable};
  if (draft.offset >= parent_size) return result;
  result.offset = parent_start + draft.offset;
  std::uint64_t room = parent_size - draft.offset;
  result.size = size == 0 ? room : std::min(size, room);
  bool whole = result.offset % erase_size_ == 0 && result.size % erase_size_ == 0;
  result.writable = result.writable && whole;
  return result;
}

Result<std::vector<KernelPartition>> Scan::run() {
  if (chip_.size() < step_) return std::vector<KernelPartition>{};
  TRY(scan_blocks());
  TRY(scan_nvram());
  name_trx_partitions();
  std::vector<KernelPartition> result;
  auto add = [&](const std::vector<Draft>& drafts, std::size_t i, std::uint64_t start,
                 std::uint64_t size, bool nested) {
    // A next start that lies before this one wraps to a huge size in the kernel, and is cut.
    std::uint64_t next = i + 1 < drafts.size() ? drafts[i + 1].offset : size;
    KernelPartition partition = register_partition(drafts[i], start, size, next - drafts[i].offset);
    partition.number = static_cast<std::uint32_t>(result.size());
    partition.nested = nested;
    result.push_back(std::move(partition));
  };
  for (std::size_t i = 0; i < drafts_.size(); ++i) {
    add(drafts_, i, 0, chip_.size(), false);
    if (!drafts_[i].trx) continue;
    // Numbers of what lies inside come right behind its own (add_mtd_partitions()).
    std::uint64_t start = result.back().offset;
    std::uint64_t size = result.back().size;
    std::vector<Draft> parts = TRY(parse_trx(start));
    for (std::size_t j = 0; j < parts.size(); ++j) add(parts, j, start, size, true);
  }
  return result;
}

}  // namespace

Result<std::vector<KernelPartition>> play_bcm47xxpart(const FlashContents& chip,
                                                      std::uint64_t erase_size) {
  return Scan(chip, erase_size).run();
}

}  // namespace trxkit::firmware
