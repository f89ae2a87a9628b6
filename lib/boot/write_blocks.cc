// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/boot/write_blocks.h"

#include <algorithm>
#include <functional>

#include "lib/system/cleanup.h"

namespace trxkit::boot {
namespace {

using image::ByteRange;

constexpr std::uint64_t kPiece = 4 << 20;
// Unit of comparing: erase blocks of flash sticks are larger, file systems write less.
constexpr std::uint64_t kCompareUnit = 64 << 10;

// The parts of `ranges` that go to [from, to).
WriteRanges clipped(const WriteRanges& ranges, std::uint64_t from, std::uint64_t to) {
  WriteRanges result;
  for (const WriteRange& range : ranges) {
    for (const ByteRange& part : image::clipped({range.to}, from, to)) {
      result.push_back({range.file, range.from + (part.offset - range.to.offset), part});
    }
  }
  return result;
}

std::uint64_t bytes_of(const WriteRanges& ranges) {
  std::uint64_t bytes = 0;
  for (const WriteRange& range : ranges) bytes += range.to.size;
  return bytes;
}

bool follows(const WriteRange& first, const WriteRange& second) {
  return first.file == second.file && first.from + first.to.size == second.from &&
         first.to.end() == second.to.offset;
}

class Writer {
 public:
  Writer(BlockDevice& device, const std::string& name, const Progress& progress)
      : device_(device), name_(name), progress_(progress) {}

  Status write(const WriteRanges& ranges) {
    return for_each_piece("write", ranges, [&](const WriteRange& range) -> Status {
      MutableBytes piece = MutableBytes(buffer_).first(range.to.size);
      TRY(range.file->read_at(range.from, piece));
      TRY(write_all(device_, range.to.offset, piece));
      written_ += piece.size();
      return {};
    });
  }

  Status compare(const WriteRanges& ranges) {
    return for_each_piece("compare", ranges, [&](const WriteRange& range) {
      return visit_differences(range, [&](const WriteRange& found) -> Status {
        auto failure = fail_at({name_, found.to.offset}, Code::io,
                               "does not hold what was written to it: {} bytes from {:#x} differ",
                               found.to.size, found.to.offset);
        failure.error().finding = "DEV009";
        return advise(failure, "the stick is worn out, a fake, or badly plugged in: take another");
      });
    });
  }

  /// What of `ranges` differs from the device.
  Result<WriteRanges> differences(const WriteRanges& ranges) {
    WriteRanges found;
    TRY(for_each_piece("look", ranges, [&](const WriteRange& range) {
      return visit_differences(range, [&](const WriteRange& difference) -> Status {
        if (!found.empty() && follows(found.back(), difference)) {
          found.back().to.size += difference.to.size;
        } else {
          found.push_back(difference);
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
  Status for_each_piece(std::string_view step, const WriteRanges& ranges,
                        const std::function<Status(const WriteRange&)>& visit) {
    std::uint64_t total = bytes_of(ranges);
    std::uint64_t done = 0;
    for (const WriteRange& range : ranges) {
      for (std::uint64_t at = 0; at < range.to.size;) {
        std::uint64_t size = std::min(kPiece, range.to.size - at);
        progress_(step, done, total);
        TRY(named(visit({range.file, range.from + at, {range.to.offset + at, size}})));
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

  Status visit_differences(const WriteRange& range,
                           const std::function<Status(const WriteRange&)>& visit) {
    MutableBytes piece = MutableBytes(buffer_).first(range.to.size);
    MutableBytes found = MutableBytes(second_).first(range.to.size);
    TRY(range.file->read_at(range.from, piece));
    TRY(read_all(device_, range.to.offset, found));
    for (std::size_t at = 0; at < piece.size(); at += kCompareUnit) {
      std::size_t size = std::min<std::size_t>(kCompareUnit, piece.size() - at);
      if (std::ranges::equal(piece.subspan(at, size), found.subspan(at, size))) continue;
      TRY(visit({range.file, range.from + at, {range.to.offset + at, size}}));
    }
    return {};
  }

  BlockDevice& device_;
  const std::string& name_;
  const Progress& progress_;
  std::uint64_t written_ = 0;
  std::vector<std::byte> buffer_ = std::vector<std::byte>(kPiece);
  std::vector<std::byte> second_ = std::vector<std::byte>(kPiece);
};

// The head makes it a stick; where it comes back wrong it is taken away again.
Status write_head(Writer& writer, BlockDevice& device, const WriteRanges& ranges, bool verify,
                  std::uint64_t size) {
  TRY(writer.write(ranges));
  TRY(device.flush());
  Status compared = verify ? writer.compare(ranges) : Status();
  if (compared || writer.wipe(size)) return compared;
  return advise(std::unexpected(std::move(compared).error()),
                "it could not be wiped either: it may look bootable and is not; take another");
}

}  // namespace

WriteRanges write_ranges(const InputFile& file, const image::ByteRanges& ranges,
                         std::uint64_t shift) {
  WriteRanges result;
  for (const ByteRange& range : ranges) {
    result.push_back({&file, range.offset, {range.offset + shift, range.size}});
  }
  return result;
}

Result<BlockWriteResult> write_blocks(const DeviceContents& contents, BlockDevice& device,
                                      const std::string& name, const BlockWriteOptions& options,
                                      const Progress& progress) {
  Writer writer(device, name, progress);
  BlockWriteResult result;
  std::uint64_t head = std::min(kHeadSize, contents.size);
  WriteRanges head_ranges = clipped(contents.ranges, 0, head);
  WriteRanges body = clipped(contents.ranges, head, contents.size);
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
