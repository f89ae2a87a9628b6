// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Every CRC comes from the running CRC of the whole file: CRC(a..b) follows from CRC(0..a) and
// CRC(0..b) alone. So a file full of headers takes no longer than one without.
#include "lib/trx/scan.h"

#include <algorithm>
#include <queue>

#include <zlib.h>

#include "lib/trx/container.h"
#include "lib/trx/magic.h"

namespace trxkit::trx {
namespace {

constexpr std::size_t kMostCandidates = 16384;  ///< whose CRC is not known yet
constexpr std::size_t kMostHits = 4096;
constexpr std::uint64_t kStep = 256 << 10;  ///< bytes looked at in one go
constexpr std::uint64_t kLongestChk = 40 + 64;

struct Candidate {
  TrxHeaderV2 header;
  std::uint64_t position = 0;
  bool known = false;  ///< its magic
};

// The CRC-32 of ranges of a stream, from the CRC of the stream up to their ends.
class RangeCrc {
 public:
  /// `bytes` follow what was given before.
  void update(Bytes bytes) {
    crc_.update(bytes);
    position_ += bytes.size();
  }
  std::uint64_t position() const { return position_; }
  /// Ends a range and starts the next.
  std::uint32_t mark() const { return crc_.value(); }
  /// Of `length` bytes between two marks.
  static std::uint32_t between(std::uint32_t before, std::uint32_t after, std::uint64_t length) {
    return after ^ joined(before, 0, length);
  }
  /// Of a range and `length` bytes of CRC `second` behind it.
  static std::uint32_t joined(std::uint32_t first, std::uint32_t second, std::uint64_t length) {
    return static_cast<std::uint32_t>(crc32_combine(first, second, static_cast<z_off_t>(length)));
  }

 private:
  Crc32 crc_;
  std::uint64_t position_ = 0;
};

// One candidate on its way: its CRC goes on at `next`, past the masked bytes to `end`.
struct Pending {
  Candidate candidate;
  std::uint64_t mask = 0;  ///< of the masked bytes, from the file's start; 0: none, or passed
  std::uint64_t end = 0;
  std::uint64_t from = 0;    ///< where the range at hand starts
  std::uint32_t before = 0;  ///< the mark there
  std::uint32_t so_far = 0;  ///< CRC of the ranges before it
  std::uint64_t next = 0;    ///< the next place where something is to be done
  bool started = false;
};

struct Later {
  bool operator()(const Pending& a, const Pending& b) const { return a.next > b.next; }
};

class Scanner {
 public:
  Scanner(const InputFile& file, std::span<const std::uint32_t> magics)
      : file_(file), magics_(magics.begin(), magics.end()) {}

  Result<Scan> run();

 private:
  void look(Bytes bytes, std::uint64_t position);
  void consider(const TrxHeaderV2& header, std::uint64_t position);
  void sum(Bytes bytes);
  void step(Pending pending);
  void accept(const Candidate& candidate, bool crc_ok);
  bool knows(std::uint32_t magic) const {
    return models_of_magic(magic).has_value() || std::ranges::find(magics_, magic) != magics_.end();
  }

  const InputFile& file_;
  std::vector<std::uint32_t> magics_;
  RangeCrc crc_;
  std::priority_queue<Pending, std::vector<Pending>, Later> pending_;
  Scan scan_;
};

// Version and flags stand at byte 12, the first offset at byte 16; what has neither a header's form
// there is left at once.
bool may_be_header(const std::byte* bytes) {
  auto at = [bytes](std::size_t i) { return std::to_integer<unsigned>(bytes[i]); };
  return at(15) == 0 && (at(14) == 1 || at(14) == 2);
}

void Scanner::look(Bytes bytes, std::uint64_t position) {
  for (std::size_t i = 0; i + sizeof(TrxHeaderV1) <= bytes.size() && i < kStep; ++i) {
    if (!may_be_header(bytes.data() + i)) continue;
    TrxHeaderV2 header;
    std::size_t size = std::min(sizeof(header), bytes.size() - i);
    std::memcpy(&header, bytes.data() + i, size);
    consider(header, position + i);
  }
}

void Scanner::consider(const TrxHeaderV2& header, std::uint64_t position) {
  bool known = knows(header.magic);
  Image image = interpret({}, position, file_.size() - position, header);
  if (header.length < image.header_size() || (!known && !looks_like_trx(image))) return;
  Candidate candidate{header, position, known};
  if (header.length > image.available) {
    if (known) accept(candidate, false);
    return;
  }
  if (pending_.size() >= kMostCandidates) {
    scan_.overflow = true;
    return;
  }
  std::uint64_t mask = masked_bytes(image);
  Pending pending{.candidate = candidate};
  pending.mask = mask == 0 ? 0 : position + mask;
  pending.end = position + header.length;
  pending.next = position + kCrcStart;
  pending_.push(pending);
}

// The stream has come to pending.next.
void Scanner::step(Pending pending) {
  if (pending.started) {
    std::uint64_t length = pending.next - pending.from;
    std::uint32_t range = RangeCrc::between(pending.before, crc_.mark(), length);
    pending.so_far = RangeCrc::joined(pending.so_far, range, length);
  }
  if (pending.started && pending.next == pending.end) {
    accept(pending.candidate, ~pending.so_far == pending.candidate.header.crc);
    return;
  }
  if (pending.started && pending.next == pending.mask) {
    static constexpr std::array<std::uint8_t, kMaskLength> kMask{0xff, 0xff, 0xff, 0xff,
                                                                 0xff, 0xff, 0xff, 0xff};
    Crc32 mask;
    mask.update(std::as_bytes(std::span(kMask)));
    pending.so_far = RangeCrc::joined(pending.so_far, mask.value(), kMaskLength);
    pending.mask = 0;
    pending.started = false;
    pending.next += kMaskLength;
    pending_.push(pending);
    return;
  }
  pending.started = true;
  pending.from = pending.next;
  pending.before = crc_.mark();
  pending.next = pending.mask != 0 ? pending.mask : pending.end;
  pending_.push(pending);
}

void Scanner::sum(Bytes bytes) {
  std::uint64_t end = crc_.position() + bytes.size();
  while (!pending_.empty() && pending_.top().next <= end) {
    Pending pending = pending_.top();
    pending_.pop();
    auto count = static_cast<std::size_t>(pending.next - crc_.position());
    crc_.update(bytes.first(count));
    bytes = bytes.subspan(count);
    step(pending);
  }
  crc_.update(bytes);
}

void Scanner::accept(const Candidate& candidate, bool crc_ok) {
  if (!crc_ok && !candidate.known) return;
  if (scan_.hits.size() >= kMostHits) {
    scan_.overflow = true;
    return;
  }
  ScanHit hit;
  hit.image = interpret(file_.name(), candidate.position, file_.size() - candidate.position,
                        candidate.header);
  hit.crc_ok = crc_ok;
  hit.start = candidate.position;
  scan_.hits.push_back(std::move(hit));
}

// Whether the container at `place` holds the TRX of `hit`; then it becomes the hit's.
Result<bool> take_container(const InputFile& file, std::uint64_t place, ScanHit& hit) {
  auto container = read_container(file, place);
  if (!container && container.error().code != Code::io) return false;
  if (!container) return std::unexpected(std::move(container).error());
  if (container->kind == board::ContainerKind::none) return false;
  if (container->trx != hit.image.position) return false;
  hit.container = container->kind;
  hit.start = std::min(place, container->position);
  return true;
}

// A container is looked for where one could start whose TRX is the one that was found: at the TRX
// itself (ASUS), at the fixed distances of headers, and at every mark of Netgear's before it.
Status find_container(const InputFile& file, ScanHit& hit) {
  constexpr std::array<std::uint64_t, 5> kDistances{0, 8, 12, 28, 32};
  std::uint64_t header = hit.image.position;
  for (std::uint64_t distance : kDistances) {
    if (distance <= header && TRY(take_container(file, header - distance, hit))) return {};
  }
  std::uint64_t first = header - std::min(header, kLongestChk);
  std::vector<std::byte> before = TRY(file.bytes_at(first, header - first));
  std::string_view text = as_text(before);
  for (std::size_t at = text.find(kChkMagic); at != text.npos; at = text.find(kChkMagic, at + 1)) {
    if (TRY(take_container(file, first + at, hit))) return {};
  }
  return {};
}

Result<Scan> Scanner::run() {
  for (std::uint64_t position = 0; position < file_.size(); position += kStep) {
    std::vector<std::byte> bytes = TRY(file_.bytes_at(position, kStep + sizeof(TrxHeaderV2) - 1));
    look(bytes, position);
    sum(Bytes(bytes).first(std::min<std::size_t>(bytes.size(), kStep)));
  }
  std::ranges::sort(scan_.hits, {}, [](const ScanHit& hit) { return hit.image.position; });
  for (ScanHit& hit : scan_.hits) TRY(find_container(file_, hit));
  return std::move(scan_);
}

}  // namespace

Result<Scan> scan_images(const InputFile& file, std::span<const std::uint32_t> magics) {
  return Scanner(file, magics).run();
}

}  // namespace trxkit::trx
