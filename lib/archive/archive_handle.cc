// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/archive/archive_handle.h"

#include <algorithm>
#include <cstring>
#include <string_view>

#include <archive.h>
#include <archive_entry.h>

#include "lib/archive/cpio_header.h"
#include "lib/archive/dictionary.h"
#include "lib/archive/path.h"

namespace trxkit::archive {
namespace {

constexpr std::uint64_t kTarBlock = 512;

// Only decoders that are linked in: the others (lrzip, grzip, uudecode...) would run a program.
void support_filters(struct ::archive* handle) {
  archive_read_support_filter_gzip(handle);
  archive_read_support_filter_bzip2(handle);
  archive_read_support_filter_xz(handle);
  archive_read_support_filter_lzma(handle);
  archive_read_support_filter_lzip(handle);
  archive_read_support_filter_zstd(handle);
  archive_read_support_filter_lz4(handle);
  archive_read_support_filter_compress(handle);
}

void support_format(struct ::archive* handle, Format format) {
  switch (format) {
    case Format::compressed:
      support_filters(handle);
      archive_read_support_format_raw(handle);
      archive_read_support_format_empty(handle);
      break;
    case Format::tar:
      archive_read_support_format_tar(handle);
      break;
    case Format::cpio:
      archive_read_support_format_cpio(handle);
      break;
    case Format::ar:
      archive_read_support_format_ar(handle);
      break;
  }
}

std::string_view name_of(Format format) {
  switch (format) {
    case Format::compressed:
      return "compressed file";
    case Format::tar:
      return "tar";
    case Format::cpio:
      return "cpio";
    case Format::ar:
      break;
  }
  return "ar archive";
}

}  // namespace

ArchiveHandle::ArchiveHandle(std::unique_ptr<ByteStream> stream, Format format, std::string name)
    : window_(std::move(stream)),
      format_(format),
      name_(std::move(name)),
      handle_(archive_read_new()) {}

ArchiveHandle::~ArchiveHandle() {
  archive_read_free(handle_);
}

long ArchiveHandle::fetch(struct ::archive* handle, void* self, const void** piece) {
  auto& reader = *static_cast<ArchiveHandle*>(self);
  Result<Bytes> bytes = reader.window_.next();
  if (!bytes) {
    reader.stream_error_ = std::move(bytes).error();
    archive_set_error(handle, EIO, "the input failed");
    return ARCHIVE_FATAL;
  }
  *piece = bytes->data();
  return static_cast<long>(bytes->size());
}

Result<std::unique_ptr<ArchiveHandle>> ArchiveHandle::open(std::unique_ptr<ByteStream> stream,
                                                           Format format, std::string name,
                                                           bool accept_unterminated) {
  std::unique_ptr<ArchiveHandle> reader(
      new ArchiveHandle(std::move(stream), format, std::move(name)));
  if (reader->handle_ == nullptr) return fail(Code::io, "out of memory");
  reader->accept_unterminated_ = accept_unterminated;
  if (format == Format::compressed) {
    std::vector<std::byte> head = TRY(reader->window_.peek(0, kDictionaryHead));
    TRY(check_dictionary(head, {reader->name_, {}}));
  }
  support_format(reader->handle_, format);
  if (archive_read_open(reader->handle_, reader.get(), nullptr, &fetch, nullptr) != ARCHIVE_OK) {
    return reader->failed();
  }
  return reader;
}

std::unexpected<Error> ArchiveHandle::failed() {
  if (stream_error_) return std::unexpected(*stream_error_);
  const char* text = archive_error_string(handle_);
  std::string place = last_path_.empty() ? "" : fmt::format(" (at {})", shown(last_path_));
  return advise(fail_at(where(), Code::bad_input, "the {} is damaged or cut short{}: {}",
                        name_of(format_), place, text == nullptr ? "unknown error" : text),
                "get the file again, and compare its checksum");
}

Where ArchiveHandle::where() const {
  if (!window_.stream().is_the_file() || !started_ || format_ == Format::compressed) {
    return {name_, {}};
  }
  return {name_, static_cast<std::uint64_t>(archive_read_header_position(handle_))};
}

bool ArchiveHandle::plain() const {
  // libarchive counts the source of the bytes as one filter.
  return archive_filter_count(handle_) <= 1 && window_.stream().is_the_file();
}

Status ArchiveHandle::finish_compressed() {
  TRY(window_.drain());
  bool gzip =
      archive_filter_count(handle_) == 2 && archive_filter_code(handle_, 0) == ARCHIVE_FILTER_GZIP;
  return gzip ? check_gzip() : Status();
}

// libarchive 3.6 does not look at the checksum of a gzip (archive_read_support_filter_gzip.c,
// consume_trailer()). RFC 1952 2.3.1: a member ends with the CRC-32 and the size modulo 2^32 of
// what it holds. Where the size is not ours, there are several members or padding, and this says
// nothing.
Status ArchiveHandle::check_gzip() const {
  std::vector<std::byte> trailer = window_.tail(8);
  ByteReader reader(trailer, name_);
  auto crc = TRY(reader.read_at<le32>(0));
  auto size = TRY(reader.read_at<le32>(4));
  if (size != static_cast<std::uint32_t>(position_) || crc == crc_.value()) return {};
  return advise(fail_at({name_, {}}, Code::bad_input, "the gzip is damaged: its checksum is wrong"),
                "get the file again, and compare its checksum");
}

// libarchive ends a tar at a zero block as well as at the end of the file, and does not tell which.
Status ArchiveHandle::check_end(std::uint64_t end_of_entries) {
  if (format_ == Format::compressed) return {};
  std::uint64_t end = static_cast<std::uint64_t>(archive_filter_bytes(handle_, 0));
  if (format_ == Format::tar) {
    end = align_up(end_of_entries, kTarBlock);
    if (!accept_unterminated_ && !TRY(window_.all_zero(end, 2 * kTarBlock))) {
      std::string last = last_path_.empty() ? "" : ", after " + shown(last_path_);
      return advise(
          fail_at({name_, {}}, Code::bad_input,
                  "the tar ends without its two zero blocks{}; it may be cut short", last),
          "get the file again, or use --accept-unterminated where it is known to be whole");
    }
  }
  bool zero = TRY(window_.rest_is_zero(end));
  if (zero || format_ == Format::ar || accept_unterminated_) return {};
  return advise(fail_at({name_, {}}, Code::bad_input, "there is more data behind the end of the {}",
                        name_of(format_)),
                "several archives in one file are not read; give them one by one");
}

Status ArchiveHandle::check_start(std::uint64_t start_of_entry) {
  if (format_ != Format::cpio) return {};
  std::vector<std::byte> header = TRY(window_.peek(start_of_entry, kNewcHeaderSize));
  if (!started_) newc_ = is_newc(header);
  if (!newc_) return {};
  if (!window_.stream().is_the_file()) return check_newc_header(header, {name_, {}});
  return check_newc_header(header, {name_, start_of_entry});
}

Result<archive_entry*> ArchiveHandle::next() {
  if (started_ && archive_read_data_skip(handle_) != ARCHIVE_OK) return failed();
  auto end_of_entries = static_cast<std::uint64_t>(archive_filter_bytes(handle_, 0));
  TRY(check_start(end_of_entries));
  archive_entry* entry = nullptr;
  int status = archive_read_next_header(handle_, &entry);
  if (status == ARCHIVE_EOF) {
    TRY(check_end(end_of_entries));
    return nullptr;
  }
  started_ = true;
  const char* text = archive_error_string(handle_);
  bool about_characters =
      status == ARCHIVE_WARN && text != nullptr &&
      std::string_view(text).find("can't be converted") != std::string_view::npos;
  if (status != ARCHIVE_OK && !about_characters) return failed();
  const char* path = archive_entry_pathname(entry);
  last_path_ = path != nullptr ? path : "";
  size_ = static_cast<std::uint64_t>(std::max<std::int64_t>(0, archive_entry_size(entry)));
  sparse_ = archive_entry_sparse_count(entry) > 0;
  position_ = 0;
  block_ = {};
  block_position_ = 0;
  blocks_ended_ = false;
  return entry;
}

Status ArchiveHandle::next_block() {
  const void* data = nullptr;
  std::size_t length = 0;
  la_int64_t offset = 0;
  int status = archive_read_data_block(handle_, &data, &length, &offset);
  if (status == ARCHIVE_EOF) {
    blocks_ended_ = true;
    return {};
  }
  if (status != ARCHIVE_OK) return failed();
  block_ = Bytes(static_cast<const std::byte*>(data), length);
  block_position_ = static_cast<std::uint64_t>(offset);
  if (offset < 0 || block_position_ < position_) {
    return fail_at(where(), Code::bad_input, "the parts of {} overlap", shown(last_path_));
  }
  return {};
}

Result<std::size_t> ArchiveHandle::read(MutableBytes target) {
  bool open_end = format_ == Format::compressed;
  while (block_.empty() && !blocks_ended_) TRY(next_block());
  std::uint64_t hole_end = blocks_ended_ ? (open_end ? position_ : size_) : block_position_;
  if (!open_end) hole_end = std::min(hole_end, size_);
  if (position_ < hole_end) {
    if (!sparse_) {
      return fail_at(where(), Code::bad_input, "the contents of {} end at {} of {} bytes",
                     shown(last_path_), position_, size_);
    }
    auto length =
        static_cast<std::size_t>(std::min<std::uint64_t>(target.size(), hole_end - position_));
    std::ranges::fill(target.first(length), std::byte{0});
    position_ += length;
    return length;
  }
  std::size_t length = std::min(target.size(), block_.size());
  if (length > 0) std::memcpy(target.data(), block_.data(), length);
  if (open_end) crc_.update(target.first(length));
  block_ = block_.subspan(length);
  block_position_ += length;
  position_ += length;
  return length;
}

}  // namespace trxkit::archive
