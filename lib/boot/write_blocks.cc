// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/boot/write_blocks.h"

#include <algorithm>
#include <functional>
#include <span>

#include "lib/system/cleanup.h"

namespace trxkit::boot {
namespace {

using image::ByteRange;
using Ranges = std::vector<ByteRange>;

constexpr std::uint64_t kPiece = 4 << 20;
// Unit of comparing: erase blocks of flash sticks are larger, file systems write less.
constexpr std::uint64_t kCompareUnit = 64 << 10;

// The parts of `ranges` in [from, to).
Ranges clipped(const Ranges& ranges, std::uint64_t from, std::uint64_t to) {
  Ranges result;
  for (const ByteRange& range : ranges) {
    std::uint64_t start = std::max(range.offset, from);
    std::uint64_t end = std::min(range.offset + range.size, to);
    if (start < end) result.push_back({start, end - start});
  }
  return result;
}

std::uint64_t bytes_of(const Ranges& ranges) {
  std::uint64_t bytes = 0;
  for (const ByteRange& range : ranges) bytes += range.size;
  return bytes;
}

class Writer {
 public:
  Writer(const InputFile& image, BlockDevice& device, const std::string& name,
         const Progress& progress)
      : image_(image), device_(device), name_(name), progress_(progress) {}

  Status write(const Ranges& ranges) {
    return for_each_piece("write", ranges, [&](std::uint64_t offset, MutableBytes piece) -> Status {
      TRY(image_.read_at(offset, piece));
      TRY(write_all(device_, offset, piece));
      written_ += piece.size();
      return {};
    });
  }

  Status compare(const Ranges& ranges) {
    return for_each_piece("compare", ranges, [&](std::uint64_t offset, MutableBytes piece) {
      return visit_differences(offset, piece, [&](const ByteRange& range) -> Status {
        auto failure = fail_at({name_, range.offset}, Code::io,
                               "does not hold what was written to it: {} bytes from {:#x} differ",
                               range.size, range.offset);
        failure.error().finding = "DEV009";
        return advise(failure, "the stick is worn out, a fake, or badly plugged in: take another");
      });
    });
  }

  /// Where image and device differ within `ranges`.
  Result<Ranges> differences(const Ranges& ranges) {
    Ranges found;
    TRY(for_each_piece("look", ranges, [&](std::uint64_t offset, MutableBytes piece) {
      return visit_differences(offset, piece, [&](const ByteRange& range) -> Status {
        bool touches = !found.empty() && found.back().offset + found.back().size == range.offset;
        if (touches) {
          found.back().size += range.size;
        } else {
          found.push_back(range);
        }
        return {};
      });
    }));
    return found;
  }

  /// The head without anything in it that could be taken for a stick.
  Status wipe(std::uint64_t size) {
    TRY(write_all(device_, 0, std::vector<std::byte>(static_cast<std::size_t>(size))));
    return device_.flush();
  }

  std::uint64_t written() const { return written_; }

 private:
  Status for_each_piece(std::string_view step, const Ranges& ranges,
                        const std::function<Status(std::uint64_t, MutableBytes)>& visit) {
    std::uint64_t total = bytes_of(ranges);
    std::uint64_t done = 0;
    for (const ByteRange& range : ranges) {
      for (std::uint64_t at = 0; at < range.size;) {
        auto size = static_cast<std::size_t>(std::min(kPiece, range.size - at));
        progress_(step, done, total);
        TRY(named(visit(range.offset + at, MutableBytes(buffer_).first(size))));
        at += size;
        done += size;
      }
    }
    progress_(step, total, total);
    return {};
  }

  // Devices do not know what the user calls them.
  Status named(Status status) const {
    if (!status && status.error().where.file.empty()) status.error().where.file = name_;
    return status;
  }

  Status visit_differences(std::uint64_t offset, MutableBytes piece,
                           const std::function<Status(const ByteRange&)>& visit) {
    TRY(image_.read_at(offset, piece));
    MutableBytes found = MutableBytes(second_).first(piece.size());
    TRY(read_all(device_, offset, found));
    for (std::size_t at = 0; at < piece.size(); at += kCompareUnit) {
      std::size_t size = std::min<std::size_t>(kCompareUnit, piece.size() - at);
      if (std::ranges::equal(piece.subspan(at, size), found.subspan(at, size))) continue;
      TRY(visit({offset + at, size}));
    }
    return {};
  }

  const InputFile& image_;
  BlockDevice& device_;
  const std::string& name_;
  const Progress& progress_;
  std::uint64_t written_ = 0;
  std::vector<std::byte> buffer_ = std::vector<std::byte>(kPiece);
  std::vector<std::byte> second_ = std::vector<std::byte>(kPiece);
};

// The head makes it a stick; where it comes back wrong it is taken away again.
Status write_head(Writer& writer, BlockDevice& device, const Ranges& ranges, bool verify,
                  std::uint64_t size) {
  TRY(writer.write(ranges));
  TRY(device.flush());
  Status compared = verify ? writer.compare(ranges) : Status();
  if (compared || writer.wipe(size)) return compared;
  return advise(std::unexpected(std::move(compared).error()),
                "it could not be wiped either: it may look bootable and is not; take another");
}

}  // namespace

Result<BlockWriteResult> write_blocks(const InputFile& image, const Ranges& ranges,
                                      BlockDevice& device, const std::string& name,
                                      const BlockWriteOptions& options, const Progress& progress) {
  Writer writer(image, device, name, progress);
  BlockWriteResult result;
  std::uint64_t head = std::min(kHeadSize, image.size());
  Ranges head_ranges = clipped(ranges, 0, head);
  Ranges body = clipped(ranges, head, image.size());
  if (options.minimize) {
    body = TRY(writer.differences(body));
    if (body.empty() && TRY(writer.differences(head_ranges)).empty()) return result;
  }
  SignalMessage message(name + ": interrupted; it does not look bootable, write it again");
  result.discarded = options.discard && !options.minimize && device.discard();
  TRY(writer.wipe(head));
  TRY(writer.write(body));
  TRY(device.flush());
  if (options.verify) TRY(writer.compare(body));
  message.change(name + ": interrupted at its last block; write it again");
  TRY(write_head(writer, device, head_ranges, options.verify, head));
  result.written = writer.written();
  result.compared = options.verify ? bytes_of(body) + bytes_of(head_ranges) : 0;
  return result;
}

}  // namespace trxkit::boot
