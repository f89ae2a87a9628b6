// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/archive/archive_reader.h"

#include <algorithm>
#include <limits>

#include <archive.h>
#include <archive_entry.h>

#include "lib/archive/path.h"

namespace trxkit::archive {
namespace {

Result<EntryType> type_of(archive_entry* entry) {
  if (archive_entry_hardlink(entry) != nullptr) return EntryType::hard_link;
  switch (archive_entry_filetype(entry)) {
    case AE_IFREG:
      return EntryType::file;
    case AE_IFDIR:
      return EntryType::directory;
    case AE_IFLNK:
      return EntryType::symlink;
    case AE_IFCHR:
      return EntryType::character_device;
    case AE_IFBLK:
      return EntryType::block_device;
    case AE_IFIFO:
      return EntryType::fifo;
    case AE_IFSOCK:
      return fail(Code::bad_input, "is a socket, which no image can hold");
    default:
      return fail(Code::bad_input, "is of a type that is not known");
  }
}

Result<std::uint32_t> identifier(std::int64_t value, std::string_view what) {
  if (value < 0 || value > std::numeric_limits<std::uint32_t>::max()) {
    return fail(Code::bad_input, "has the impossible {} {}", what, value);
  }
  return static_cast<std::uint32_t>(value);
}

std::vector<ExtendedAttribute> attributes_of(archive_entry* entry) {
  std::vector<ExtendedAttribute> result;
  const char* name = nullptr;
  const void* value = nullptr;
  std::size_t size = 0;
  archive_entry_xattr_reset(entry);
  while (archive_entry_xattr_next(entry, &name, &value, &size) == ARCHIVE_OK) {
    result.push_back({name, std::string(static_cast<const char*>(value), size)});
  }
  // bsdtar writes each one twice, in two notations.
  std::ranges::sort(result, {}, &ExtendedAttribute::name);
  auto repeated = std::ranges::unique(result, {}, &ExtendedAttribute::name);
  result.erase(repeated.begin(), repeated.end());
  return result;
}

Status fill_by_type(Entry& entry, archive_entry* header) {
  if (entry.type == EntryType::file) {
    if (!archive_entry_size_is_set(header) || archive_entry_size(header) < 0) {
      return fail(Code::bad_input, "has no valid size");
    }
    entry.size = static_cast<std::uint64_t>(archive_entry_size(header));
  } else if (entry.type == EntryType::hard_link) {
    entry.link_target = TRY(normalise_path(archive_entry_hardlink(header)));
  } else if (entry.type == EntryType::symlink) {
    const char* target = archive_entry_symlink(header);
    if (target == nullptr || *target == '\0') {
      return fail(Code::bad_input, "is a symlink to nothing");
    }
    entry.link_target = target;
  } else if (entry.type == EntryType::character_device || entry.type == EntryType::block_device) {
    entry.device_major = static_cast<std::uint32_t>(archive_entry_rdevmajor(header));
    entry.device_minor = static_cast<std::uint32_t>(archive_entry_rdevminor(header));
  }
  return {};
}

Result<Entry> convert(archive_entry* header) {
  Entry entry;
  entry.type = TRY(type_of(header));
  entry.mode = archive_entry_perm(header) & 07777u;
  entry.uid = TRY(identifier(archive_entry_uid(header), "user id"));
  entry.gid = TRY(identifier(archive_entry_gid(header), "group id"));
  entry.mtime = archive_entry_mtime(header);
  entry.attributes = attributes_of(header);
  TRY(fill_by_type(entry, header));
  return entry;
}

class TarReader : public Reader {
 public:
  explicit TarReader(std::unique_ptr<ArchiveHandle> handle) : entries_(std::move(handle)) {}

  Result<std::optional<Entry>> next() override {
    readable_ = false;
    std::optional<RawEntry> raw = TRY(entries_.next());
    if (!raw) return std::nullopt;
    readable_ = raw->entry.type == EntryType::file;
    return std::move(raw->entry);
  }

  Result<std::size_t> read(MutableBytes target) override {
    return readable_ ? entries_.read(target) : Result<std::size_t>(0);
  }

 private:
  ArchiveEntries entries_;
  bool readable_ = false;
};

bool is_package_data(archive_entry* header) {
  const char* raw = archive_entry_pathname(header);
  Result<std::string> path = normalise_path(raw != nullptr ? raw : "");
  return path && (*path == "data.tar" || path->starts_with("data.tar."));
}

class PackageData : public ByteStream {
 public:
  explicit PackageData(std::unique_ptr<ArchiveHandle> handle) : handle_(std::move(handle)) {}

  Result<std::size_t> read(MutableBytes target) override {
    if (ended_) return 0;
    std::size_t got = TRY(handle_->read(target));
    if (got > 0) return got;
    ended_ = true;
    while (TRY(handle_->next()) != nullptr) {
    }
    return 0;
  }

 private:
  std::unique_ptr<ArchiveHandle> handle_;
  bool ended_ = false;
};

}  // namespace

Result<std::optional<RawEntry>> ArchiveEntries::next() {
  archive_entry* header = TRY(handle_->next());
  if (header == nullptr) return std::nullopt;
  const char* text = archive_entry_pathname(header);
  if (text == nullptr) {
    return fail_at(handle_->where(), Code::bad_input, "an entry has no readable path");
  }
  Result<std::string> path = normalise_path(text);
  if (!path) return fail_at(handle_->where(), Code::bad_input, "{}", path.error().what);
  Result<Entry> entry = convert(header);
  if (!entry) {
    return fail_at(handle_->where(), Code::bad_input, "{} {}", shown(*path), entry.error().what);
  }
  entry->path = std::move(*path);
  RawEntry raw{.entry = std::move(*entry)};
  raw.has_more_names = archive_entry_nlink(header) > 1;
  raw.bytes_following =
      static_cast<std::uint64_t>(std::max<std::int64_t>(0, archive_entry_size(header)));
  return raw;
}

Result<std::unique_ptr<Reader>> tar_reader(std::unique_ptr<ByteStream> stream,
                                           const std::string& name, bool accept_unterminated) {
  auto handle = TRY(ArchiveHandle::open(std::move(stream), Format::tar, name, accept_unterminated));
  return std::make_unique<TarReader>(std::move(handle));
}

Result<std::unique_ptr<ByteStream>> package_data(std::unique_ptr<ByteStream> stream, Format format,
                                                 const std::string& name) {
  auto handle = TRY(ArchiveHandle::open(std::move(stream), format, name));
  while (archive_entry* header = TRY(handle->next())) {
    if (is_package_data(header)) return std::make_unique<PackageData>(std::move(handle));
  }
  return fail_at({name, {}}, Code::bad_input, "is a package without a data.tar");
}

}  // namespace trxkit::archive
