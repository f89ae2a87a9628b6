// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// A disk in memory that fails where a test wants it to, and a machine whose only disk it is.
#pragma once

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#include "lib/system/block_device.h"

namespace trxkit::test {

struct FakeDisk {
  static constexpr std::uint64_t kNowhere = std::numeric_limits<std::uint64_t>::max();

  explicit FakeDisk(std::size_t size, unsigned char fill = 0xff) : bytes(size, std::byte{fill}) {}

  std::vector<std::byte> bytes;
  std::size_t most_at_once = kNowhere;  ///< bytes that one call writes or reads
  std::uint64_t bad_write = kNowhere;   ///< a write over this byte fails (EIO)
  std::uint64_t bad_read = kNowhere;    ///< a read over this byte fails
  std::uint64_t forgets = kNowhere;     ///< this byte is not kept
  std::uint64_t gone_after = kNowhere;  ///< bytes after which the disk is pulled out
  std::uint64_t written = 0;            ///< bytes
  std::vector<std::pair<std::uint64_t, std::uint64_t>> writes = {};  ///< offset and size of each
  unsigned flushes = 0;
  unsigned discards = 0;
  bool takes_discards = true;
};

class OpenFakeDisk final : public BlockDevice {
 public:
  explicit OpenFakeDisk(FakeDisk& disk) : disk_(disk) {}

  Result<std::size_t> write_some(std::uint64_t offset, Bytes bytes) override {
    bytes = bytes.first(std::min(bytes.size(), disk_.most_at_once));
    if (hits(offset, bytes.size(), disk_.bad_write) || offset >= disk_.bytes.size() ||
        disk_.written >= disk_.gone_after) {
      return fail_at({{}, offset}, Code::io, "cannot be written: Input/output error");
    }
    bytes = bytes.first(std::min(bytes.size(), disk_.bytes.size() - offset));
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      if (offset + i != disk_.forgets) disk_.bytes[offset + i] = bytes[i];
    }
    disk_.written += bytes.size();
    disk_.writes.emplace_back(offset, bytes.size());
    return bytes.size();
  }

  Result<std::size_t> read_some(std::uint64_t offset, MutableBytes target) override {
    if (offset >= disk_.bytes.size()) return 0;
    std::size_t size = std::min({target.size(), disk_.most_at_once, disk_.bytes.size() - offset});
    if (hits(offset, size, disk_.bad_read) || disk_.written >= disk_.gone_after) {
      return fail_at({{}, offset}, Code::io, "cannot be read: Input/output error");
    }
    std::ranges::copy(Bytes(disk_.bytes).subspan(offset, size), target.begin());
    return size;
  }

  Status flush() override {
    ++disk_.flushes;
    if (disk_.written >= disk_.gone_after)
      return fail(Code::io, "cannot be flushed: No such device");
    return {};
  }

  bool discard() override {
    if (disk_.takes_discards) ++disk_.discards;
    return disk_.takes_discards;
  }

 private:
  static bool hits(std::uint64_t offset, std::size_t size, std::uint64_t place) {
    return place >= offset && place - offset < size;
  }
  FakeDisk& disk_;
};

/// Machines with one disk, whose facts a test states.
class FakeDevices final : public BlockDevices {
 public:
  FakeDevices(DeviceFacts of_disk, FakeDisk& disk) : facts(std::move(of_disk)), disk_(disk) {}

  Result<DeviceFacts> examine(const std::string& path) const override {
    if (path == facts.path) return facts;
    return fail_at({path, {}}, Code::io, "cannot be examined: No such file or directory");
  }
  Result<std::unique_ptr<BlockDevice>> open(const std::string& /*path*/) const override {
    return std::make_unique<OpenFakeDisk>(disk_);
  }

  DeviceFacts facts;

 private:
  FakeDisk& disk_;
};

/// A stick as it should be: 64 MiB unless said otherwise, nothing on it in use.
inline DeviceFacts usual_stick(std::uint64_t size = 64 << 20) {
  return {.path = "/dev/sdz",
          .disk = "sdz",
          .whole_disk = true,
          .model = "SanDisk Ultra",
          .serial = "4C530001",
          .size = size,
          .removable = true,
          .usb = true};
}

}  // namespace trxkit::test
