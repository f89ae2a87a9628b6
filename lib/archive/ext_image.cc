// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/archive/ext_image.h"

#include <algorithm>
#include <optional>

#include <et/com_err.h>
#include <unistd.h>

namespace trxkit::archive {
namespace {

// The first half of an inode, as most functions of libext2fs want it.
ext2_inode* small(ext2_inode_large& inode) {
  return reinterpret_cast<ext2_inode*>(&inode);  // the larger struct begins with the smaller one
}

std::optional<EntryType> type_of(std::uint16_t mode) {
  switch (mode & LINUX_S_IFMT) {
    case LINUX_S_IFREG:
      return EntryType::file;
    case LINUX_S_IFDIR:
      return EntryType::directory;
    case LINUX_S_IFLNK:
      return EntryType::symlink;
    case LINUX_S_IFCHR:
      return EntryType::character_device;
    case LINUX_S_IFBLK:
      return EntryType::block_device;
    case LINUX_S_IFIFO:
      return EntryType::fifo;
    default:
      return std::nullopt;
  }
}

// Both encodings of linux include/linux/kdev_t.h.
void set_device(Entry& entry, const ext2_inode_large& inode) {
  std::uint32_t old = inode.i_block[0];
  std::uint32_t device = inode.i_block[1];
  entry.device_major = old != 0 ? old >> 8 & 0xff : device >> 8 & 0xfff;
  entry.device_minor = old != 0 ? old & 0xff : (device & 0xff) | (device >> 12 & 0xfff00);
}

// Seconds, with the two bits above them where the inode has room for such (linux
// Documentation/filesystems/ext4, "Inode Timestamps").
std::int64_t modification_time(const ext2_inode_large& inode) {
  constexpr std::size_t kEnd = offsetof(ext2_inode_large, i_mtime_extra) + 4;
  std::int64_t seconds = static_cast<std::int32_t>(inode.i_mtime);
  bool extra = EXT2_GOOD_OLD_INODE_SIZE + std::size_t{inode.i_extra_isize} >= kEnd;
  return extra ? seconds + (static_cast<std::int64_t>(inode.i_mtime_extra & 3) << 32) : seconds;
}

struct Listing {
  std::vector<ExtImage::Name> names;
  std::uint64_t room = 0;
  bool overflow = false;
  std::string fault;
};

int take_name(ext2_ino_t, int, ext2_dir_entry* item, int, int, char*, void* context) {
  auto& listing = *static_cast<Listing*>(context);
  std::string name(item->name, static_cast<std::size_t>(ext2fs_dirent_name_len(item)));
  if (name == "." || name == "..") return 0;
  bool usable = !name.empty() && !name.contains('/') && !name.contains('\0');
  listing.overflow = listing.names.size() >= listing.room;
  if (!usable) listing.fault = "holds a name that is empty or has a '/' or NUL in it";
  if (!usable || listing.overflow) return DIRENT_ABORT;
  listing.names.push_back({std::move(name), item->inode});
  return 0;
}

int take_attribute(char* name, char* value, std::size_t size, void* context) {
  // Where the contents of small files are kept (linux fs/ext4/inline.c) is nobody's attribute.
  if (std::string_view(name) == "system.data") return 0;
  auto& attributes = *static_cast<std::vector<ExtendedAttribute>*>(context);
  attributes.push_back({name, std::string(value, size)});
  return 0;
}

}  // namespace

Status ExtImage::check(errcode_t code, std::string_view action) const {
  if (code == 0) return {};
  return advise(fail_at({name(), {}}, Code::bad_input, "the ext file system cannot be read: {}: {}",
                        action, error_message(code)),
                "e2fsck -fn says what is wrong with it");
}

Result<std::shared_ptr<ExtImage>> ExtImage::open(std::shared_ptr<const InputFile> file,
                                                 std::uint64_t offset) {
  initialize_ext2_error_table();
  std::shared_ptr<ExtImage> image(new ExtImage(std::move(file), offset));
  std::string path = fmt::format("/proc/self/fd/{}", image->file_->descriptor());
  std::string options = fmt::format("offset={}", offset);
  ext2_filsys opened = nullptr;
  TRY(image->check(
      ext2fs_open2(path.c_str(), options.c_str(), EXT2_FLAG_64BITS, 0, 0, unix_io_manager, &opened),
      "it is not one that this e2fsprogs knows"));
  image->filesystem_.reset(opened);
  TRY(image->check_state());
  // A name takes 12 bytes or more of a directory's blocks.
  image->names_left_ = image->room_ / 12;
  return image;
}

Status ExtImage::check_state() const {
  constexpr std::string_view kHint = "e2fsck -f repairs it; work on a copy";
  const ext2_super_block& super = *filesystem_->super;
  Where where{name(), {}};
  std::uint64_t size = ext2fs_blocks_count(filesystem_->super) * filesystem_->blocksize;
  if (size > room_) {
    return advise(fail_at(where, Code::bad_input,
                          "the ext file system is cut short: it has {} bytes of {}, {} are missing",
                          room_, size, size - room_),
                  "get the file again, and compare its checksum");
  }
  if (ext2fs_has_feature_journal_needs_recovery(filesystem_->super) ||
      (super.s_state & EXT2_VALID_FS) == 0) {
    return advise(fail_at(where, Code::bad_input,
                          "the ext file system is in use, or was not unmounted: what it holds is "
                          "not certain"),
                  std::string(kHint));
  }
  if ((super.s_state & EXT2_ERROR_FS) == 0) return {};
  return advise(fail_at(where, Code::bad_input, "the ext file system is marked as damaged"),
                std::string(kHint));
}

Result<std::vector<ExtImage::Name>> ExtImage::list(ext2_ino_t number) {
  Listing listing;
  listing.room = names_left_;
  TRY(check(ext2fs_dir_iterate2(filesystem_.get(), number, 0, nullptr, take_name, &listing),
            "a directory"));
  if (listing.overflow) listing.fault = "holds more names than the image has room for";
  if (!listing.fault.empty()) {
    return fail_at({name(), {}}, Code::bad_input, "a directory {}", listing.fault);
  }
  names_left_ -= listing.names.size();
  std::ranges::sort(listing.names, {}, &Name::name);
  if (std::ranges::adjacent_find(listing.names, {}, &Name::name) != listing.names.end()) {
    return fail_at({name(), {}}, Code::bad_input, "a directory holds the same name twice");
  }
  return std::move(listing.names);
}

Result<std::string> ExtImage::link_text(ext2_ino_t number, ext2_inode_large& inode) {
  constexpr std::size_t kLongest = 4095;  // PATH_MAX
  std::uint64_t size = EXT2_I_SIZE(&inode);
  if (size == 0 || size > kLongest) {
    return fail_at({name(), {}}, Code::bad_input, "a symlink has a text of {} bytes", size);
  }
  if (ext2fs_is_fast_symlink(small(inode)) != 0) {
    size = std::min<std::uint64_t>(size, sizeof(inode.i_block));
    return std::string(reinterpret_cast<const char*>(inode.i_block),
                       static_cast<std::size_t>(size));
  }
  File file = TRY(open_file(number));
  std::string text(static_cast<std::size_t>(size), '\0');
  std::size_t got = TRY(read(file, std::as_writable_bytes(std::span(text))));
  if (got == text.size()) return text;
  return fail_at({name(), {}}, Code::bad_input, "the text of a symlink is cut short");
}

Result<std::vector<ExtendedAttribute>> ExtImage::attributes(ext2_ino_t number) {
  ext2_xattr_handle* raw = nullptr;
  TRY(check(ext2fs_xattrs_open(filesystem_.get(), number, &raw), "extended attributes"));
  auto close = [](ext2_xattr_handle* handle) { ext2fs_xattrs_close(&handle); };
  std::unique_ptr<ext2_xattr_handle, decltype(close)> handle(raw, close);
  TRY(check(ext2fs_xattrs_read(raw), "extended attributes"));
  std::vector<ExtendedAttribute> result;
  TRY(check(ext2fs_xattrs_iterate(raw, take_attribute, &result), "extended attributes"));
  std::ranges::sort(result, {}, &ExtendedAttribute::name);
  return result;
}

Status ExtImage::fill(ext2_ino_t number, ext2_inode_large& inode, Entry& entry) {
  if (entry.type == EntryType::file) entry.size = EXT2_I_SIZE(&inode);
  if (entry.type == EntryType::symlink) entry.link_target = TRY(link_text(number, inode));
  if (entry.type == EntryType::character_device || entry.type == EntryType::block_device) {
    set_device(entry, inode);
  }
  entry.attributes = TRY(attributes(number));
  return {};
}

Result<ExtImage::Inode> ExtImage::read_inode(ext2_ino_t number) {
  ext2_inode_large inode{};
  TRY(check(ext2fs_read_inode_full(filesystem_.get(), number, small(inode), sizeof(inode)),
            "an inode"));
  if ((inode.i_flags & EXT4_ENCRYPT_FL) != 0) {
    return fail_at({name(), {}}, Code::bad_input, "holds encrypted files");
  }
  std::optional<EntryType> type = type_of(inode.i_mode);
  if (!type) {
    return fail_at({name(), {}}, Code::bad_input, "inode {} is {}", number,
                   LINUX_S_ISSOCK(inode.i_mode) ? "a socket, which no image can hold"
                                                : "of a type that is not known");
  }
  Inode result;
  Entry& entry = result.entry;
  entry.type = *type;
  entry.mode = inode.i_mode & 07777u;
  entry.uid = inode_uid(inode);
  entry.gid = inode_gid(inode);
  entry.mtime = modification_time(inode);
  result.links = inode.i_links_count;
  TRY(fill(number, inode, entry));
  return result;
}

Result<ExtImage::File> ExtImage::open_file(ext2_ino_t number) {
  ext2_file* file = nullptr;
  TRY(check(ext2fs_file_open(filesystem_.get(), number, 0, &file), "a file"));
  return File(file);
}

Result<std::size_t> ExtImage::read(File& file, MutableBytes target) {
  unsigned got = 0;
  auto wanted = static_cast<unsigned>(std::min<std::size_t>(target.size(), 1 << 20));
  TRY(check(ext2fs_file_read(file.get(), target.data(), wanted, &got), "the contents of a file"));
  return got;
}

}  // namespace trxkit::archive
