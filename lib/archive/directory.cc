// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/archive/directory.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <map>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "lib/archive/path.h"
#include "lib/system/file.h"

namespace trxkit::archive {
namespace {

bool is_kept(std::string_view attribute) {
  return attribute.starts_with("user.") || attribute == "security.capability";
}

Result<EntryType> type_of(mode_t mode) {
  switch (mode & S_IFMT) {
    case S_IFREG:
      return EntryType::file;
    case S_IFDIR:
      return EntryType::directory;
    case S_IFLNK:
      return EntryType::symlink;
    case S_IFCHR:
      return EntryType::character_device;
    case S_IFBLK:
      return EntryType::block_device;
    case S_IFIFO:
      return EntryType::fifo;
    default:
      return fail(Code::bad_input, "is a socket, which no image can hold");
  }
}

class DirectoryReader : public Reader {
 public:
  explicit DirectoryReader(std::string path) : root_(std::move(path)) {}

  Result<std::optional<Entry>> next() override;
  Result<std::size_t> read(MutableBytes target) override;

 private:
  // A directory that is being walked.
  struct Level {
    FileDescriptor directory;
    std::string path;                // in the tree
    std::vector<std::string> names;  // sorted backwards: the next one is the last
  };

  std::unexpected<Error> failed(const std::string& path, std::string_view action) const {
    return fail_at({host_path(path), {}}, Code::io, "cannot be {}: {}", action,
                   std::strerror(errno));
  }
  std::string host_path(const std::string& path) const {
    return path.empty() ? root_ : root_ + "/" + path;
  }
  Result<Entry> describe(const struct stat& status, std::string path) const;
  Result<Entry> enter(FileDescriptor directory, std::string path);
  Result<Entry> visit(const Level& level, const std::string& name);
  Result<FileDescriptor> open_same(const Level& level, const std::string& name,
                                   const struct stat& expected, int flags,
                                   const std::string& path) const;
  Result<std::string> link_text(const Level& level, const std::string& name,
                                const std::string& path) const;
  Result<std::vector<ExtendedAttribute>> attributes(int descriptor, const std::string& path) const;
  Result<std::string> attribute(int descriptor, const char* name, const std::string& path) const;

  std::string root_;
  bool started_ = false;
  std::vector<Level> levels_;
  FileDescriptor file_;  // the one whose contents read() delivers
  std::string file_path_;
  std::map<std::pair<dev_t, ino_t>, std::string> linked_;  // first names of files with several
};

Result<std::string> DirectoryReader::attribute(int descriptor, const char* name,
                                               const std::string& path) const {
  // linux include/uapi/linux/limits.h: XATTR_SIZE_MAX.
  std::string value(65536, '\0');
  ssize_t size = fgetxattr(descriptor, name, value.data(), value.size());
  if (size < 0) return failed(path, "read (extended attributes)");
  value.resize(static_cast<std::size_t>(size));
  return value;
}

Result<std::vector<ExtendedAttribute>> DirectoryReader::attributes(int descriptor,
                                                                   const std::string& path) const {
  std::vector<ExtendedAttribute> result;
  ssize_t size = flistxattr(descriptor, nullptr, 0);
  if (size <= 0) return result;  // none, or a file system that has none
  std::string names(static_cast<std::size_t>(size), '\0');
  size = flistxattr(descriptor, names.data(), names.size());
  if (size < 0) return failed(path, "read (extended attributes)");
  for (const char* name = names.data(); name < names.data() + size; name += strlen(name) + 1) {
    if (is_kept(name)) result.push_back({name, TRY(attribute(descriptor, name, path))});
  }
  std::ranges::sort(result, {}, &ExtendedAttribute::name);
  return result;
}

Result<std::string> DirectoryReader::link_text(const Level& level, const std::string& name,
                                               const std::string& path) const {
  std::array<char, 4096> text{};  // PATH_MAX; longer links do not exist
  ssize_t size = readlinkat(level.directory.get(), name.c_str(), text.data(), text.size());
  if (size < 0) return failed(path, "read");
  return std::string(text.data(), static_cast<std::size_t>(size));
}

Result<Entry> DirectoryReader::describe(const struct stat& status, std::string path) const {
  Entry entry;
  Result<EntryType> type = type_of(status.st_mode);
  if (!type) return fail_at({host_path(path), {}}, Code::bad_input, "{}", type.error().what);
  entry.type = *type;
  entry.path = std::move(path);
  entry.mode = status.st_mode & 07777u;
  entry.uid = status.st_uid;
  entry.gid = status.st_gid;
  entry.mtime = status.st_mtim.tv_sec;
  if (entry.type == EntryType::character_device || entry.type == EntryType::block_device) {
    entry.device_major = major(status.st_rdev);
    entry.device_minor = minor(status.st_rdev);
  }
  return entry;
}

Result<Entry> DirectoryReader::enter(FileDescriptor directory, std::string path) {
  struct stat status{};
  if (fstat(directory.get(), &status) != 0) return failed(path, "examined");
  Entry entry = TRY(describe(status, path));
  entry.attributes = TRY(attributes(directory.get(), path));
  Level level{.directory = std::move(directory), .path = std::move(path), .names = {}};
  // fdopendir() takes the descriptor that it is given.
  DIR* listing = fdopendir(fcntl(level.directory.get(), F_DUPFD_CLOEXEC, 0));
  if (listing == nullptr) return failed(level.path, "listed");
  errno = 0;
  while (const dirent* item = readdir(listing)) {  // NOLINT(concurrency-mt-unsafe)
    std::string_view name = item->d_name;
    if (name != "." && name != "..") level.names.emplace_back(name);
  }
  int error = errno;
  closedir(listing);
  errno = error;
  if (error != 0) return failed(level.path, "listed");
  std::ranges::sort(level.names, std::ranges::greater{});
  levels_.push_back(std::move(level));
  return entry;
}

// Opens `name` as what it was a moment ago and nothing else.
Result<FileDescriptor> DirectoryReader::open_same(const Level& level, const std::string& name,
                                                  const struct stat& expected, int flags,
                                                  const std::string& path) const {
  FileDescriptor file(openat(level.directory.get(), name.c_str(),
                             O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | flags));
  struct stat status{};
  if (!file || fstat(file.get(), &status) != 0) return failed(path, "opened");
  if (status.st_dev != expected.st_dev || status.st_ino != expected.st_ino) {
    return fail_at({host_path(path), {}}, Code::io, "changed while it was read");
  }
  return file;
}

Result<Entry> DirectoryReader::visit(const Level& level, const std::string& name) {
  std::string path = TRY(normalise_path(level.path + "/" + name));
  struct stat status{};
  if (fstatat(level.directory.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    return failed(path, "examined");
  }
  if (S_ISDIR(status.st_mode)) {
    FileDescriptor directory = TRY(open_same(level, name, status, O_DIRECTORY, path));
    return enter(std::move(directory), std::move(path));
  }
  Entry entry = TRY(describe(status, path));
  if (entry.type == EntryType::symlink) entry.link_target = TRY(link_text(level, name, path));
  if (entry.type != EntryType::file) return entry;
  if (status.st_nlink > 1) {
    auto [first, is_new] = linked_.try_emplace({status.st_dev, status.st_ino}, path);
    if (!is_new) {
      entry.type = EntryType::hard_link;
      entry.link_target = first->second;
      return entry;
    }
  }
  file_ = TRY(open_same(level, name, status, 0, path));
  file_path_ = path;
  entry.size = static_cast<std::uint64_t>(status.st_size);
  entry.attributes = TRY(attributes(file_.get(), path));
  return entry;
}

Result<std::optional<Entry>> DirectoryReader::next() {
  file_.close();
  if (!started_) {
    started_ = true;
    FileDescriptor root(::open(root_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!root) return failed("", "opened");
    return TRY(enter(std::move(root), ""));
  }
  while (!levels_.empty() && levels_.back().names.empty()) levels_.pop_back();
  if (levels_.empty()) return std::nullopt;
  std::string name = std::move(levels_.back().names.back());
  levels_.back().names.pop_back();
  return TRY(visit(levels_.back(), name));
}

Result<std::size_t> DirectoryReader::read(MutableBytes target) {
  while (file_) {
    ssize_t got = ::read(file_.get(), target.data(), target.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed(file_path_, "read");
    return static_cast<std::size_t>(got);
  }
  return 0;
}

class DirectorySource : public Source {
 public:
  explicit DirectorySource(std::string path) : path_(std::move(path)) {}
  Result<std::unique_ptr<Reader>> open() const override {
    return std::make_unique<DirectoryReader>(path_);
  }
  std::string name() const override { return path_; }

 private:
  std::string path_;
};

}  // namespace

SourcePointer directory_source(const std::string& path) {
  return std::make_shared<DirectorySource>(path);
}

}  // namespace trxkit::archive
