// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Netgear CHK: a big-endian header with the board's id and four checksums, all of them two sums of
// 16 bits (OpenWrt firmware-utils src/mkchkimg.c). The TRX is what the header calls the kernel.
#include <algorithm>
#include <cstring>

#include "lib/trx/container_format.h"

namespace trxkit::trx {
namespace {

constexpr std::size_t kLongestId = 64;
constexpr std::uint8_t kNoVersion = 99;  // what mkchkimg writes: newer than any stock firmware

struct ChkHeader {
  std::array<char, 4> magic;
  be32 header_length;  ///< with the board id
  std::uint8_t region;
  std::array<std::uint8_t, 7> version;
  be32 kernel_checksum;
  be32 rootfs_checksum;
  be32 kernel_length;
  be32 rootfs_length;
  be32 image_checksum;   ///< of kernel and rootfs together
  be32 header_checksum;  ///< of header and board id, this field 0
};
static_assert(sizeof(ChkHeader) == 40 && alignof(ChkHeader) == 1);

// The sum of all bytes and the sum of these sums, each folded to 16 bits.
class NetgearChecksum {
 public:
  void update(Bytes bytes) {
    for (std::byte byte : bytes) {
      sum_ += std::to_integer<std::uint32_t>(byte);
      sum_of_sums_ += sum_;
    }
  }
  std::uint32_t value() const { return fold(sum_of_sums_) << 16 | fold(sum_); }

 private:
  static std::uint32_t fold(std::uint32_t sum) {
    std::uint32_t once = (sum & 0xffff) + (sum >> 16);
    return (once + (once >> 16)) & 0xffff;
  }
  std::uint32_t sum_ = 0;
  std::uint32_t sum_of_sums_ = 0;
};

std::uint32_t header_checksum(ChkHeader header, std::string_view id) {
  header.header_checksum = 0;
  NetgearChecksum checksum;
  checksum.update(as_bytes(header));
  checksum.update(as_bytes(id));
  return checksum.value();
}

Result<std::optional<Container>> read(const InputFile& file, std::uint64_t position) {
  if (!TRY(starts_with(file, position, kChkMagic))) return std::nullopt;
  TRY(check_header(file, position, sizeof(ChkHeader), kChkFormat.title));
  auto header = TRY(file.read_struct<ChkHeader>(position));
  // A length that makes no sense is judged (TRX031); the id is what can be an id.
  std::uint64_t length = std::clamp<std::uint64_t>(header.header_length, sizeof(ChkHeader),
                                                   sizeof(ChkHeader) + kLongestId);
  TRY(check_header(file, position, length, kChkFormat.title));
  Container container = container_at(kChkFormat.kind, file, position, length);
  std::uint64_t id_offset = position + sizeof(ChkHeader);
  std::vector<std::byte> id = TRY(file.bytes_at(id_offset, length - sizeof(ChkHeader)));
  container.id = as_text(id);
  container.id_offset = id_offset;
  container.version.assign(header.version.begin(), header.version.end());
  container.fields = {{"header length", position + 4, header.header_length, length, length},
                      {"region", position + 8, header.region, 1, 2},
                      {"root file system's length", position + 28, header.rootfs_length, 0, 0}};
  set_length(container, position + 24, std::uint64_t{header.kernel_length} + header.rootfs_length);
  container.checksums = {{"kernel checksum", position + 16, header.kernel_checksum},
                         {"root file system's checksum", position + 20, header.rootfs_checksum},
                         {"image checksum", position + 32, header.image_checksum},
                         {"header checksum", position + 36, header.header_checksum,
                          header_checksum(header, container.id), true}};
  return container;
}

Status sum(const InputFile& file, Container& container) {
  auto header = TRY(file.read_struct<ChkHeader>(container.position));
  std::uint64_t middle = std::min(container.trx + header.kernel_length, container.end);
  NetgearChecksum kernel;
  NetgearChecksum rootfs;
  NetgearChecksum image;
  auto add = [&](std::uint64_t from, std::uint64_t to, NetgearChecksum& part) {
    return range_visitor(file, from, to)([&](Bytes bytes) -> Status {
      part.update(bytes);
      image.update(bytes);
      return {};
    });
  };
  TRY(add(container.trx, middle, kernel));
  TRY(add(middle, container.end, rootfs));
  container.checksums[0].computed = kernel.value();
  container.checksums[1].computed = rootfs.value();
  container.checksums[2].computed = image.value();
  return {};
}

Result<std::vector<std::byte>> make(const ContainerRequest& request) {
  const board::ContainerIdentity& identity = request.identity;
  ChkHeader header{};
  std::ranges::copy(kChkMagic, header.magic.begin());
  header.header_length = TRY(length_field(sizeof(ChkHeader) + identity.id.size()));
  header.region = identity.region;
  header.version.fill(kNoVersion);
  std::ranges::copy_n(
      identity.version.begin(),
      static_cast<std::ptrdiff_t>(std::min(identity.version.size(), header.version.size())),
      header.version.begin());
  NetgearChecksum image;
  TRY(request.contents.visit([&](Bytes bytes) -> Status {
    image.update(bytes);
    return {};
  }));
  header.kernel_length = TRY(length_field(request.contents.size));
  header.kernel_checksum = image.value();
  header.image_checksum = image.value();
  header.header_checksum = header_checksum(header, identity.id);
  std::vector<std::byte> bytes = header_bytes(header);
  std::ranges::copy(as_bytes(std::string_view(identity.id)), std::back_inserter(bytes));
  return bytes;
}

}  // namespace

const ContainerFormat kChkFormat{board::ContainerKind::chk, "Netgear CHK", read, make, sum};

}  // namespace trxkit::trx
