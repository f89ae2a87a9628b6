// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Written by ourselves rather than by libarchive: names are bytes here, and reach the tar as they
// are. Format: POSIX.1-2008, pax, "ustar Interchange Format" and "pax Extended Header"; extended
// attributes as records SCHILY.xattr.NAME, which GNU tar, bsdtar and tar2sqfs read.
#include <array>
#include <limits>

#include "lib/archive/path.h"
#include "lib/archive/write.h"
#include "lib/archive/write_contents.h"

namespace trxkit::archive {
namespace {

struct Header {
  std::array<char, 100> name{};
  std::array<char, 8> mode{};
  std::array<char, 8> uid{};
  std::array<char, 8> gid{};
  std::array<char, 12> size{};
  std::array<char, 12> mtime{};
  std::array<char, 8> checksum{};
  char type = '0';
  std::array<char, 100> link{};
  std::array<char, 6> magic{'u', 's', 't', 'a', 'r', '\0'};
  std::array<char, 2> version{'0', '0'};
  std::array<char, 32> user{};
  std::array<char, 32> group{};
  std::array<char, 8> device_major{};
  std::array<char, 8> device_minor{};
  std::array<char, 155> prefix{};
  std::array<char, 12> unused{};
};
static_assert(sizeof(Header) == 512 && WireStruct<Header>);

// Octal digits with a NUL byte behind them; false where they do not fit.
template <std::size_t N>
bool put_number(std::array<char, N>& field, std::uint64_t value) {
  if (value >> (3 * (N - 1)) != 0) return false;
  for (std::size_t i = N - 1; i-- > 0; value >>= 3) {
    field[i] = static_cast<char>('0' + (value & 7));
  }
  return true;
}

template <std::size_t N>
bool put_text(std::array<char, N>& field, std::string_view text) {
  text.copy(field.data(), N);
  return text.size() <= N;
}

void set_checksum(Header& header) {
  header.checksum.fill(' ');
  std::uint32_t sum = 0;
  for (std::byte byte : as_bytes(header)) sum += std::to_integer<std::uint32_t>(byte);
  std::string text = fmt::format("{:06o}", sum);
  text.push_back('\0');
  put_text(header.checksum, text);
}

// "LENGTH KEY=VALUE\n", where LENGTH counts itself.
std::string pax_record(std::string_view key, std::string_view value) {
  std::size_t rest = key.size() + value.size() + 3;
  std::size_t length = rest + 1;
  while (std::to_string(length).size() + rest != length) ++length;
  return fmt::format("{} {}={}\n", length, key, value);
}

char type_letter(EntryType type) {
  switch (type) {
    case EntryType::file:
      return '0';
    case EntryType::hard_link:
      return '1';
    case EntryType::symlink:
      return '2';
    case EntryType::character_device:
      return '3';
    case EntryType::block_device:
      return '4';
    case EntryType::directory:
      return '5';
    case EntryType::fifo:
      break;
  }
  return '6';
}

class TarWriter : public Writer {
 public:
  explicit TarWriter(ByteSink sink) : sink_(std::move(sink)) {}

  Status add(const Entry& entry, Reader& contents) override {
    Header header;
    std::string records = TRY(fill(header, entry));
    if (!records.empty()) TRY(write_records(records));
    set_checksum(header);
    TRY(sink_(as_bytes(header)));
    if (entry.type != EntryType::file) return {};
    TRY(copy_contents(entry, contents, sink_));
    return pad(entry.size, sizeof(Header), sink_);
  }

  Status finish() override {
    const std::array<std::byte, 2 * sizeof(Header)> end{};
    return sink_(end);
  }

 private:
  // Fills `header` and returns the records for what does not fit into it.
  static Result<std::string> fill(Header& header, const Entry& entry);
  Status write_records(const std::string& records);

  ByteSink sink_;
};

Result<std::string> TarWriter::fill(Header& header, const Entry& entry) {
  std::string records;
  auto number = [&](auto& field, std::uint64_t value, std::string_view key) {
    if (!put_number(field, value)) records += pax_record(key, std::to_string(value));
  };
  auto text = [&](auto& field, const std::string& value, std::string_view key) {
    if (!put_text(field, value)) records += pax_record(key, value);
  };
  bool directory = entry.type == EntryType::directory;
  header.type = type_letter(entry.type);
  text(header.name, entry.path.empty() ? "./" : entry.path + (directory ? "/" : ""), "path");
  text(header.link, entry.link_target, "linkpath");
  put_number(header.mode, entry.mode & 07777u);
  number(header.uid, entry.uid, "uid");
  number(header.gid, entry.gid, "gid");
  number(header.size, entry.type == EntryType::file ? entry.size : 0, "size");
  if (entry.mtime < 0) {
    records += pax_record("mtime", std::to_string(entry.mtime));
  } else {
    number(header.mtime, static_cast<std::uint64_t>(entry.mtime), "mtime");
  }
  bool device = entry.type == EntryType::character_device || entry.type == EntryType::block_device;
  if (!put_number(header.device_major, device ? entry.device_major : 0) ||
      !put_number(header.device_minor, device ? entry.device_minor : 0)) {
    return fail(Code::bad_input, "the device numbers {}:{} of {} do not fit into a tar",
                entry.device_major, entry.device_minor, shown(entry.path));
  }
  for (const ExtendedAttribute& attribute : entry.attributes) {
    records += pax_record("SCHILY.xattr." + attribute.name, attribute.value);
  }
  return records;
}

Status TarWriter::write_records(const std::string& records) {
  Header header;
  header.type = 'x';
  put_text(header.name, "PaxHeader");
  put_number(header.mode, 0644);
  put_number(header.uid, 0);
  put_number(header.gid, 0);
  put_number(header.size, records.size());
  put_number(header.mtime, 0);
  put_number(header.device_major, 0);
  put_number(header.device_minor, 0);
  set_checksum(header);
  TRY(sink_(as_bytes(header)));
  TRY(sink_(as_bytes(std::string_view(records))));
  return pad(records.size(), sizeof(Header), sink_);
}

}  // namespace

std::unique_ptr<Writer> tar_writer(ByteSink sink) {
  return std::make_unique<TarWriter>(std::move(sink));
}

}  // namespace trxkit::archive
