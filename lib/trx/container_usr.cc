// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// US Robotics: 28 bytes in front of the TRX, with length and CRC of all that follows (OpenWrt
// firmware-utils src/trx2usr.c).
#include <algorithm>

#include "lib/trx/container_format.h"

namespace trxkit::trx {
namespace {

constexpr std::string_view kMagic = "USR0";
constexpr std::uint32_t kVersion = 0x06235d03;  // 3.93.35.6, the Broadcom release of that time

struct UsrHeader {
  std::array<char, 4> magic;
  le32 length;  ///< of what follows the header
  le32 crc;     ///< JAMCRC of it
  le32 version;
  le16 compatibility;
  le16 hardware;
  std::array<le32, 2> reserved;
};
static_assert(sizeof(UsrHeader) == 28 && alignof(UsrHeader) == 1);

Result<std::optional<Container>> read(const InputFile& file, std::uint64_t position) {
  if (!TRY(starts_with(file, position, kMagic))) return std::nullopt;
  TRY(check_header(file, position, sizeof(UsrHeader), kUsrFormat.title));
  auto header = TRY(file.read_struct<UsrHeader>(position));
  Container container = container_at(kUsrFormat.kind, file, position, sizeof(UsrHeader));
  set_length(container, position + 4, header.length);
  container.fields = {{"version", position + 12, header.version, kVersion, kVersion},
                      {"compatibility", position + 16, header.compatibility, 1, 1},
                      {"hardware", position + 18, header.hardware, 1, 1},
                      {"reserved", position + 20, header.reserved[0], 0, 0},
                      {"reserved", position + 24, header.reserved[1], 0, 0}};
  container.checksums = {{"CRC", position + 8, header.crc}};
  return container;
}

Status sum(const InputFile& file, Container& container) {
  container.checksums.front().computed =
      TRY(jamcrc_of({}, range_visitor(file, container.trx, container.end)));
  return {};
}

Result<std::vector<std::byte>> make(const ContainerRequest& request) {
  UsrHeader header{};
  std::ranges::copy(kMagic, header.magic.begin());
  header.length = TRY(length_field(request.contents.size));
  header.crc = TRY(jamcrc_of({}, request.contents.visit));
  header.version = kVersion;
  header.compatibility = 1;
  header.hardware = 1;
  return header_bytes(header);
}

}  // namespace

const ContainerFormat kUsrFormat{board::ContainerKind::usr, "US Robotics", read, make, sum};

}  // namespace trxkit::trx
