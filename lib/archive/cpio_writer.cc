// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Format: linux Documentation/driver-api/early-userspace/buffer-format.rst. The header of a file is
// written before anybody knows whether a hard link to it follows; so every file says that it has
// two names, which makes the kernel (init/initramfs.c, maybe_link()) and cpio(1) remember it, and
// inode numbers are never used twice. Contents go with the first name.
#include <limits>
#include <unordered_map>

#include <sys/stat.h>

#include "lib/archive/path.h"
#include "lib/archive/write.h"
#include "lib/archive/write_contents.h"

namespace trxkit::archive {
namespace {

constexpr std::uint64_t kAlignment = 4;
constexpr std::uint32_t kLargest = std::numeric_limits<std::uint32_t>::max();
constexpr std::string_view kTrailer = "TRAILER!!!";

std::uint32_t type_bits(EntryType type) {
  switch (type) {
    case EntryType::file:
    case EntryType::hard_link:
      return S_IFREG;
    case EntryType::symlink:
      return S_IFLNK;
    case EntryType::character_device:
      return S_IFCHR;
    case EntryType::block_device:
      return S_IFBLK;
    case EntryType::directory:
      return S_IFDIR;
    case EntryType::fifo:
      break;
  }
  return S_IFIFO;
}

struct Header {
  std::uint32_t inode = 0;
  std::uint32_t mode = 0;
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::uint32_t links = 1;
  std::uint32_t mtime = 0;
  std::uint32_t size = 0;
  std::uint32_t device_major = 0;
  std::uint32_t device_minor = 0;
};

class CpioWriter : public Writer {
 public:
  explicit CpioWriter(ByteSink sink) : sink_(std::move(sink)) {}

  Status add(const Entry& entry, Reader& contents) override {
    Header header = TRY(header_of(entry));
    TRY(write_header(header, entry.path.empty() ? "." : entry.path));
    if (entry.type == EntryType::symlink) {
      TRY(sink_(as_bytes(std::string_view(entry.link_target))));
    } else if (entry.type == EntryType::file) {
      TRY(copy_contents(entry, contents, sink_));
    }
    return pad(header.size, kAlignment, sink_);
  }

  Status finish() override { return write_header({}, std::string(kTrailer)); }

 private:
  Result<Header> header_of(const Entry& entry);
  Result<std::uint32_t> inode_of(const Entry& entry);
  Status write_header(const Header& header, const std::string& name);

  ByteSink sink_;
  std::uint32_t last_inode_ = 0;
  std::unordered_map<std::string, std::uint32_t> files_;  // what a hard link may name
};

Result<std::uint32_t> CpioWriter::inode_of(const Entry& entry) {
  if (entry.type != EntryType::hard_link) {
    ++last_inode_;
    if (entry.type == EntryType::file) files_[entry.path] = last_inode_;
    return last_inode_;
  }
  auto target = files_.find(entry.link_target);
  if (target == files_.end()) {
    return fail(Code::bad_input, "{} is a hard link to {}, and no such file stands before it",
                shown(entry.path), shown(entry.link_target));
  }
  return target->second;
}

Result<Header> CpioWriter::header_of(const Entry& entry) {
  std::uint64_t size = entry.type == EntryType::symlink ? entry.link_target.size() : entry.size;
  if (size > kLargest || entry.mtime < 0 || entry.mtime > std::int64_t{kLargest}) {
    return fail(Code::does_not_fit, "the {} of {} does not fit into the 32 bits of a cpio",
                size > kLargest ? "size" : "time", shown(entry.path));
  }
  if (entry.path == kTrailer) {
    return fail(Code::bad_input, "a file named {} would end the cpio", shown(entry.path));
  }
  Header header;
  header.inode = TRY(inode_of(entry));
  header.mode = type_bits(entry.type) | (entry.mode & 07777u);
  header.uid = entry.uid;
  header.gid = entry.gid;
  header.mtime = static_cast<std::uint32_t>(entry.mtime);
  header.size = static_cast<std::uint32_t>(size);
  bool several = entry.type == EntryType::directory || S_ISREG(header.mode);
  header.links = several ? 2 : 1;
  header.device_major = entry.device_major;
  header.device_minor = entry.device_minor;
  return header;
}

Status CpioWriter::write_header(const Header& header, const std::string& name) {
  std::string text = fmt::format(
      "070701{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}",
      header.inode, header.mode, header.uid, header.gid, header.links, header.mtime, header.size, 0,
      0, header.device_major, header.device_minor, name.size() + 1, 0);
  text += name;
  text.push_back('\0');
  TRY(sink_(as_bytes(std::string_view(text))));
  return pad(text.size(), kAlignment, sink_);
}

}  // namespace

std::unique_ptr<Writer> cpio_writer(ByteSink sink) {
  return std::make_unique<CpioWriter>(std::move(sink));
}

}  // namespace trxkit::archive
