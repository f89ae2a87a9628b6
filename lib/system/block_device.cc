// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/system/block_device.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <deque>

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "lib/system/device_facts.h"
#include "lib/system/file.h"

namespace trxkit {
namespace {

std::unexpected<Error> failed(const std::string& path, std::uint64_t offset,
                              std::string_view action) {
  return fail_at({path, offset}, Code::io, "cannot be {}: {}", action, std::strerror(errno));
}

// So much may wait in memory for a slow stick: progress stays honest, and an interrupted run ends.
constexpr std::uint64_t kWaiting = 32 << 20;

// A disk or file through the page cache, from which the kernel makes large requests.
class OpenDevice final : public BlockDevice {
 public:
  OpenDevice(FileDescriptor descriptor, std::string path)
      : descriptor_(std::move(descriptor)), path_(std::move(path)) {}

  Result<std::size_t> write_some(std::uint64_t offset, Bytes bytes) override {
    while (true) {
      ssize_t put = pwrite(descriptor_.get(), bytes.data(), bytes.size(), position(offset));
      if (put < 0 && errno == EINTR) continue;
      if (put <= 0) return failed(path_, offset, "written");
      start_writing_back(offset, static_cast<std::uint64_t>(put));
      return static_cast<std::size_t>(put);
    }
  }

  Result<std::size_t> read_some(std::uint64_t offset, MutableBytes target) override {
    while (true) {
      ssize_t got = pread(descriptor_.get(), target.data(), target.size(), position(offset));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return failed(path_, offset, "read");
      return static_cast<std::size_t>(got);
    }
  }

  Status flush() override {
    waiting_.clear();
    waiting_bytes_ = 0;
    if (fsync(descriptor_.get()) != 0) return failed(path_, 0, "flushed");
    posix_fadvise(descriptor_.get(), 0, 0, POSIX_FADV_DONTNEED);
    return {};
  }

  // A file keeps its blocks: what is not written stays as it was.
  bool discard() override {
    struct stat status{};
    if (fstat(descriptor_.get(), &status) != 0 || !S_ISBLK(status.st_mode)) return false;
    std::array<std::uint64_t, 2> range{0, 0};
    return ioctl(descriptor_.get(), BLKGETSIZE64, &range[1]) == 0 &&
           ioctl(descriptor_.get(), BLKDISCARD, range.data()) == 0;
  }

 private:
  struct Range {
    std::uint64_t offset;
    std::uint64_t size;
  };

  static off_t position(std::uint64_t offset) { return static_cast<off_t>(offset); }

  // Failures of the disk come out at flush().
  void start_writing_back(std::uint64_t offset, std::uint64_t size) {
    sync_file_range(descriptor_.get(), position(offset), position(size), SYNC_FILE_RANGE_WRITE);
    waiting_.push_back({offset, size});
    waiting_bytes_ += size;
    while (waiting_bytes_ > kWaiting) {
      Range oldest = waiting_.front();
      sync_file_range(descriptor_.get(), position(oldest.offset), position(oldest.size),
                      SYNC_FILE_RANGE_WAIT_BEFORE);
      waiting_bytes_ -= oldest.size;
      waiting_.pop_front();
    }
  }

  FileDescriptor descriptor_;
  std::string path_;
  std::deque<Range> waiting_;  ///< on their way to the medium, the oldest first
  std::uint64_t waiting_bytes_ = 0;
};

class SystemBlockDevices final : public BlockDevices {
 public:
  Result<DeviceFacts> examine(const std::string& path) const override {
    struct stat status{};
    if (stat(path.c_str(), &status) != 0) {
      return fail_at({path, {}}, Code::io, "cannot be examined: {}", std::strerror(errno));
    }
    if (S_ISREG(status.st_mode)) {
      return DeviceFacts{.path = path,
                         .regular_file = true,
                         .size = static_cast<std::uint64_t>(status.st_size),
                         .read_only = access(path.c_str(), W_OK) != 0};
    }
    if (!S_ISBLK(status.st_mode)) {
      return advise(fail_at({path, {}}, Code::usage, "is neither a disk nor a file"),
                    "lsblk -o NAME,SIZE,TRAN,MODEL,SERIAL lists the disks");
    }
    std::string number = fmt::format("{}:{}", major(status.st_rdev), minor(status.st_rdev));
    return device_facts(path, number, {});
  }

  // Linux keeps a disk that is opened with O_EXCL, and its partitions, from being mounted, and
  // refuses it where one is (block/bdev.c, bd_prepare_to_claim). On a file O_EXCL says nothing
  // without O_CREAT (open(2)).
  Result<std::unique_ptr<BlockDevice>> open(const std::string& path) const override {
    FileDescriptor descriptor(::open(path.c_str(), O_RDWR | O_EXCL | O_CLOEXEC));
    if (descriptor) return std::make_unique<OpenDevice>(std::move(descriptor), path);
    auto failure = fail_at({path, {}}, Code::io, "cannot be opened: {}", std::strerror(errno));
    if (errno == EBUSY) {
      failure.error().code = Code::refused;
      failure.error().finding = "DEV005";
      failure.error().hint = "something uses it: see lsblk, and fuser -v for the programs";
    }
    return failure;
  }
};

}  // namespace

const BlockDevices& system_block_devices() {
  static const SystemBlockDevices devices;
  return devices;
}

Status write_all(BlockDevice& device, std::uint64_t offset, Bytes bytes) {
  while (!bytes.empty()) {
    std::size_t put = TRY(device.write_some(offset, bytes));
    bytes = bytes.subspan(put);
    offset += put;
  }
  return {};
}

Status read_all(BlockDevice& device, std::uint64_t offset, MutableBytes target) {
  while (!target.empty()) {
    std::size_t got = TRY(device.read_some(offset, target));
    if (got == 0) return fail_at({{}, offset}, Code::io, "the device ends before its size");
    target = target.subspan(got);
    offset += got;
  }
  return {};
}

}  // namespace trxkit
