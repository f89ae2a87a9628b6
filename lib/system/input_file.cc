// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/system/file.h"
#include "lib/system/unnamed_file.h"

namespace trxkit {
namespace {

constexpr std::size_t kBlock = 256 * 1024;

// A copy of everything that `source` still delivers.
Result<FileDescriptor> spool(int source, const std::string& name, const Env& env) {
  FileDescriptor copy = TRY(unnamed_file(env.temporary_directory));
  std::vector<std::byte> block(kBlock);
  while (true) {
    ssize_t got = ::read(source, block.data(), block.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(Code::io, "cannot read {}: {}", name, std::strerror(errno));
    if (got == 0) return copy;
    for (ssize_t done = 0; done < got;) {
      ssize_t put = ::write(copy.get(), block.data() + done, static_cast<std::size_t>(got - done));
      if (put < 0 && errno == EINTR) continue;
      if (put < 0) return fail(Code::io, "cannot spool {}: {}", name, std::strerror(errno));
      done += put;
    }
  }
}

Result<std::uint64_t> size_of(int descriptor, const std::string& name) {
  struct stat status{};
  if (fstat(descriptor, &status) != 0) {
    return fail_at({name, {}}, Code::io, "cannot be examined: {}", std::strerror(errno));
  }
  if (S_ISREG(status.st_mode)) return static_cast<std::uint64_t>(status.st_size);
  std::uint64_t bytes = 0;
  if (S_ISBLK(status.st_mode) && ioctl(descriptor, BLKGETSIZE64, &bytes) == 0) return bytes;
  return fail_at({name, {}}, Code::io, "is {}, not a file",
                 S_ISDIR(status.st_mode) ? "a directory" : "a device or pipe");
}

}  // namespace

void FileDescriptor::close() {
  if (number_ >= 0) ::close(std::exchange(number_, -1));
}

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
  if (this != &other) {
    close();
    number_ = std::exchange(other.number_, -1);
  }
  return *this;
}

Result<InputFile> InputFile::open(const std::string& path, const Env& env) {
  InputFile file;
  if (path == "-") {
    file.name_ = "standard input";
    if (env.in_was_read->test_and_set()) {
      return advise(fail(Code::usage, "standard input can be read only once, and was read already"),
                    "name files in place of -, which can be one input at most");
    }
    file.descriptor_ = TRY(spool(env.in, file.name_, env));
  } else {
    file.name_ = path;
    // O_NONBLOCK: opening a pipe that nobody writes must not hang; it is refused below.
    file.descriptor_ = FileDescriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file.descriptor_) {
      return fail_at({path, {}}, Code::io, "cannot be opened: {}", std::strerror(errno));
    }
  }
  file.size_ = TRY(size_of(file.descriptor_.get(), file.name_));
  return file;
}

InputFile InputFile::called(std::string name) && {
  name_ = std::move(name);
  return std::move(*this);
}

Status InputFile::read_at(std::uint64_t offset, MutableBytes target) const {
  if (!range_inside(offset, target.size(), size_)) {
    return fail_at({name_, std::min(offset, size_)}, Code::bad_input,
                   "{} bytes expected at {:#x}, but the file ends at {:#x}", target.size(), offset,
                   size_);
  }
  while (!target.empty()) {
    ssize_t got =
        pread(descriptor_.get(), target.data(), target.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      return fail_at({name_, offset}, Code::io, "cannot be read: {}", std::strerror(errno));
    }
    if (got == 0) return fail_at({name_, offset}, Code::io, "became shorter while it was read");
    target = target.subspan(static_cast<std::size_t>(got));
    offset += static_cast<std::uint64_t>(got);
  }
  return {};
}

Result<std::vector<std::byte>> InputFile::bytes_at(std::uint64_t offset,
                                                   std::uint64_t length) const {
  std::uint64_t available = offset < size_ ? size_ - offset : 0;
  std::vector<std::byte> bytes(static_cast<std::size_t>(std::min(length, available)));
  TRY(read_at(std::min(offset, size_), bytes));
  return bytes;
}

Status InputFile::for_each_block(std::uint64_t offset, std::uint64_t length,
                                 const std::function<Status(Bytes)>& consume) const {
  std::vector<std::byte> block(static_cast<std::size_t>(std::min<std::uint64_t>(kBlock, length)));
  while (length > 0) {
    auto step = static_cast<std::size_t>(std::min<std::uint64_t>(block.size(), length));
    MutableBytes piece(block.data(), step);
    TRY(read_at(offset, piece));
    TRY(consume(piece));
    offset += step;
    length -= step;
  }
  return {};
}

Result<std::string> read_text_file(const std::string& path, const Env& env, std::uint64_t limit) {
  InputFile file = TRY(InputFile::open(path, env));
  if (file.size() > limit) {
    return fail_at({path, {}}, Code::bad_input, "is {} bytes long; at most {} are expected",
                   file.size(), limit);
  }
  std::vector<std::byte> bytes = TRY(file.bytes_at(0, file.size()));
  return std::string(as_text(bytes));
}

Result<Sha256Digest> sha256_of(const InputFile& file) {
  Sha256 hash;
  TRY(file.for_each_block(0, file.size(), [&](Bytes bytes) -> Status {
    hash.update(bytes);
    return {};
  }));
  return hash.digest();
}

}  // namespace trxkit
