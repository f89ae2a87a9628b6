// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <set>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/system/cleanup.h"
#include "lib/system/file.h"
#include "lib/system/sync_folder.h"

namespace trxkit {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> failed(const fs::path& path, std::string_view action) {
  return fail_at({path.string(), {}}, Code::io, "cannot be {}: {}", action, std::strerror(errno));
}

Status write_all(int descriptor, Bytes bytes, const fs::path& path) {
  while (!bytes.empty()) {
    ssize_t put = ::write(descriptor, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return failed(path, "written");
    bytes = bytes.subspan(static_cast<std::size_t>(put));
  }
  return {};
}

// mkstemp() creates files that only their owner can read; an output is an ordinary file.
mode_t ordinary_mode() {
  mode_t mask = umask(0);
  umask(mask);
  return 0666 & ~mask;
}

Status sync_file(int descriptor, const fs::path& path) {
  if (fsync(descriptor) != 0) return failed(path, "synced");
  return {};
}

// Where writing to `path` would end: a symlink stays one, and the file that it names is replaced or
// created.
Result<fs::path> behind_symlinks(const fs::path& path) {
  constexpr int kMostLinks = 40;  // linux include/linux/namei.h: MAXSYMLINKS
  std::error_code error;
  fs::path end = path;
  for (int link = 0; fs::is_symlink(end, error); ++link) {
    if (link == kMostLinks) {
      return advise(fail_at({path.string(), {}}, Code::refused,
                            "cannot be written: it is a symlink that leads to no file, but in a "
                            "circle or through more than {} others",
                            kMostLinks),
                    "remove the symlink, or give the output another name");
    }
    end = end.parent_path() / fs::read_symlink(end, error);
  }
  return end;
}

// A new file beside `target`, which a signal removes; `name` becomes its path.
FileDescriptor create_beside(const fs::path& target, fs::path& name) {
  FileDescriptor file;
  name = create_and_remove_on_signal([&] {
    std::string pattern =
        (target.parent_path() / ("." + target.filename().string())).string() + ".XXXXXX";
    file = FileDescriptor(mkostemp(pattern.data(), O_CLOEXEC));
    return file ? fs::path(pattern) : fs::path();
  });
  return file;
}

// Whether `output` is the file `input`, or a file below the folder `input`.
bool replaces(const fs::path& output, const fs::path& input) {
  std::error_code ignored;
  if (fs::is_regular_file(input, ignored)) return fs::equivalent(output, input, ignored);
  if (!fs::is_directory(input, ignored) || !fs::is_regular_file(output, ignored)) return false;
  for (fs::path folder = fs::canonical(output, ignored); folder.has_relative_path();) {
    folder = folder.parent_path();
    if (fs::equivalent(folder, input, ignored)) return true;
  }
  return false;
}

// Makes [offset, offset + length) of a file a hole, which reads as zeros.
bool make_hole(int descriptor, std::uint64_t offset, std::uint64_t length) {
  struct stat status{};
  if (fstat(descriptor, &status) != 0) return false;
  auto end = static_cast<off_t>(offset + length);
  auto start = static_cast<off_t>(offset);
  if (start < status.st_size && fallocate(descriptor, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                                          start, static_cast<off_t>(length)) != 0) {
    return false;
  }
  return end <= status.st_size || ftruncate(descriptor, end) == 0;
}

}  // namespace

Result<OutputFile> OutputFile::create(const std::string& path) {
  OutputFile file;
  file.target_ = path == "-" ? fs::path("/dev/stdout") : fs::path(path);
  struct stat status{};
  bool exists = stat(file.target_.c_str(), &status) == 0;
  if (path == "-" || (exists && !S_ISREG(status.st_mode))) {
    int descriptor =
        path == "-" ? dup(STDOUT_FILENO) : ::open(file.target_.c_str(), O_WRONLY | O_CLOEXEC);
    file.descriptor_ = FileDescriptor(descriptor);
    if (!file.descriptor_) return failed(file.target_, "opened");
    return file;
  }
  file.target_ = TRY(behind_symlinks(file.target_));
  file.descriptor_ = create_beside(file.target_, file.temporary_);
  if (!file.descriptor_) return failed(file.target_, "created");
  if (fchmod(file.descriptor_.get(), ordinary_mode()) != 0) return failed(file.target_, "created");
  return file;
}

OutputFile& OutputFile::operator=(OutputFile&& other) noexcept {
  if (this != &other) {
    discard();
    descriptor_ = std::move(other.descriptor_);
    target_ = std::move(other.target_);
    temporary_ = std::move(other.temporary_);
    position_ = other.position_;
    syncing_ = std::move(other.syncing_);
  }
  return *this;
}

OutputFile::~OutputFile() {
  discard();
}

// A file that was moved from or committed has no descriptor.
void OutputFile::discard() {
  if (syncing_.valid()) syncing_.wait();  // it needs the descriptor
  if (!descriptor_ || temporary_.empty()) return;
  unlink(temporary_.c_str());
  keep_on_signal(temporary_);
  descriptor_.close();
}

Status OutputFile::write(Bytes bytes) {
  TRY(write_all(descriptor_.get(), bytes, target_));
  position_ += bytes.size();
  return {};
}

Status OutputFile::write_zeros(std::uint64_t count) {
  bool hole = !temporary_.empty() && make_hole(descriptor_.get(), position_, count) &&
              lseek(descriptor_.get(), static_cast<off_t>(count), SEEK_CUR) >= 0;
  if (hole) {
    position_ += count;
    return {};
  }
  const std::vector<std::byte> zeros(
      static_cast<std::size_t>(std::min<std::uint64_t>(count, 65536)));
  while (count > 0) {
    auto step = std::min<std::uint64_t>(count, zeros.size());
    TRY(write(Bytes(zeros).first(static_cast<std::size_t>(step))));
    count -= step;
  }
  return {};
}

Status OutputFile::write_at(std::uint64_t offset, Bytes bytes) {
  if (temporary_.empty()) {
    return fail_at({target_.string(), {}}, Code::refused, "has to be a file that can be rewritten");
  }
  while (!bytes.empty()) {
    ssize_t put = pwrite(descriptor_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return failed(target_, "written");
    bytes = bytes.subspan(static_cast<std::size_t>(put));
    offset += static_cast<std::uint64_t>(put);
  }
  return {};
}

Status OutputFile::resize(std::uint64_t size) {
  if (ftruncate(descriptor_.get(), static_cast<off_t>(size)) != 0)
    return failed(target_, "resized");
  return {};
}

void OutputFile::start_sync() {
  if (written_directly()) return;
  syncing_ = std::async(std::launch::async, sync_file, descriptor_.get(), target_);
}

Status OutputFile::sync() {
  if (syncing_.valid()) return syncing_.get();
  return written_directly() ? Status() : sync_file(descriptor_.get(), target_);
}

Status OutputFile::put_in_place() {
  if (!written_directly()) {
    if (rename(temporary_.c_str(), target_.c_str()) != 0) return failed(target_, "put in place");
    keep_on_signal(temporary_);
  }
  descriptor_.close();
  return {};
}

Status OutputFile::commit_all(std::span<OutputFile* const> files) {
  std::set<fs::path> folders;
  for (OutputFile* file : files) TRY(file->sync());
  for (OutputFile* file : files) {
    TRY(file->put_in_place());
    if (!file->written_directly()) folders.insert(file->target_.parent_path());
  }
  for (const fs::path& folder : folders) TRY(sync_folder(folder));
  return {};
}

Status OutputFile::commit() {
  return commit_all(std::array{this});
}

Status OutputFile::commit_scratch() {
  return put_in_place();
}

Result<TemporaryDirectory> TemporaryDirectory::create(const fs::path& parent) {
  TemporaryDirectory directory;
  directory.path_ = create_and_remove_on_signal([&] {
    std::string pattern = (parent / ".trxkit.XXXXXX").string();
    return fs::path(mkdtemp(pattern.data()) == nullptr ? "" : pattern);
  });
  if (directory.path_.empty()) return failed(parent, "written into");
  return directory;
}

TemporaryDirectory& TemporaryDirectory::operator=(TemporaryDirectory&& other) noexcept {
  if (this != &other) {
    discard();
    path_ = std::exchange(other.path_, {});
  }
  return *this;
}

TemporaryDirectory::~TemporaryDirectory() {
  discard();
}

void TemporaryDirectory::discard() {
  if (path_.empty()) return;
  std::error_code ignored;
  fs::remove_all(path_, ignored);
  keep_on_signal(path_);
}

Status keep_inputs(const std::string& output, const std::vector<std::string>& inputs) {
  for (const std::string& input : inputs) {
    if (!replaces(output, input)) continue;
    return advise(fail_at({output, {}}, Code::refused, "is an input, and would be replaced"),
                  "give the output another name");
  }
  return {};
}

fs::path folder_beside(const std::string& output, const Env& env) {
  std::error_code ignored;
  if (output == "-" || (fs::exists(output, ignored) && !fs::is_regular_file(output, ignored))) {
    return env.temporary_directory;
  }
  fs::path folder = fs::path(output).parent_path();
  return folder.empty() ? fs::path(".") : folder;
}

Status copy_file(const InputFile& input, OutputFile& output,
                 const std::function<void(Bytes)>& seen) {
  return input.for_each_block(0, input.size(), [&](Bytes bytes) -> Status {
    if (seen) seen(bytes);
    return output.write(bytes);
  });
}

}  // namespace trxkit
