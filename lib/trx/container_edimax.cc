// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Edimax PS16: 12 bytes in front of the TRX, which stay in the flash. Part 3 is moved 12 bytes
// towards the header while its offset stays, so that it counts from the PS16 header and part 3 is
// where a boot loader that knows nothing of the header looks (OpenWrt firmware-utils
// src/trx2edips.c).
#include <algorithm>

#include "lib/trx/container_format.h"

namespace trxkit::trx {
namespace {

constexpr std::string_view kMagic = "PS16";
constexpr std::uint32_t kStart = 0x80500000;

struct EdimaxHeader {
  std::array<char, 4> magic;
  le32 length;  ///< of what follows the header
  le32 start;   ///< an address; nobody is known to read it
};
static_assert(sizeof(EdimaxHeader) == kEdimaxHeaderSize && alignof(EdimaxHeader) == 1);

Result<std::optional<Container>> read(const InputFile& file, std::uint64_t position) {
  if (!TRY(starts_with(file, position, kMagic))) return std::nullopt;
  TRY(check_header(file, position, sizeof(EdimaxHeader), kEdimaxFormat.title));
  auto header = TRY(file.read_struct<EdimaxHeader>(position));
  Container container = container_at(kEdimaxFormat.kind, file, position, sizeof(EdimaxHeader));
  set_length(container, position + 4, header.length);
  container.fields = {{"start address", position + 8, header.start, kStart, kStart}};
  return container;
}

Result<std::vector<std::byte>> make(const ContainerRequest& request) {
  EdimaxHeader header{};
  std::ranges::copy(kMagic, header.magic.begin());
  header.length = TRY(length_field(request.contents.size));
  header.start = kStart;
  return header_bytes(header);
}

}  // namespace

const ContainerFormat kEdimaxFormat{board::ContainerKind::edimax, "Edimax PS16", read, make};

}  // namespace trxkit::trx
