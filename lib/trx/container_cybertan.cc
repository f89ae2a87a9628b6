// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Linksys: CyberTAN's header of 32 bytes in front of the TRX. It has no checksum of its own.
#include "lib/trx/container_format.h"
#include "lib/trx/cybertan.h"

namespace trxkit::trx {
namespace {

Result<std::optional<Container>> read(const InputFile& file, std::uint64_t position) {
  if (!TRY(starts_with(file, position + kCyberTanIdField, kCyberTanId))) return std::nullopt;
  TRY(check_header(file, position, sizeof(CyberTanHeader), kCyberTanFormat.title));
  auto header = TRY(file.read_struct<CyberTanHeader>(position));
  Container container = container_at(kCyberTanFormat.kind, file, position, sizeof(CyberTanHeader));
  describe_cybertan(header, position, container);
  return container;
}

Result<std::vector<std::byte>> make(const ContainerRequest& request) {
  return header_bytes(make_cybertan(request.identity, request.epoch, false));
}

}  // namespace

const ContainerFormat kCyberTanFormat{board::ContainerKind::cybertan, "Linksys CyberTAN", read,
                                      make};

}  // namespace trxkit::trx
