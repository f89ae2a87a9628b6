// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Motorola: 8 bytes in front of the TRX, big endian: a CRC over the model's number and all that
// follows (OpenWrt firmware-utils src/motorola-bin.c, FreshTomato btools/fpkg.c).
#include <algorithm>

#include "lib/trx/container_format.h"
#include "lib/trx/magic.h"

namespace trxkit::trx {
namespace {

struct MotorolaHeader {
  be32 crc;  ///< JAMCRC of `model` and what follows
  be32 model;
};
static_assert(sizeof(MotorolaHeader) == 8 && alignof(MotorolaHeader) == 1);

constexpr std::uint64_t kModelField = 4;
constexpr std::uint32_t kFamily = 0x10577000;  ///< all that differ in the last byte alone

struct Model {
  std::string_view name;
  std::uint32_t number;
};
constexpr std::array<Model, 3> kModels{
    {{"WR850G", 0x10577050}, {"WA840G", 0x10577040}, {"WE800G", 0x10577000}}};

// Nothing in the header is a magic of its own, so the TRX behind it has to be one as well.
Result<bool> is_motorola(const InputFile& file, std::uint64_t position) {
  if (!range_inside(position, sizeof(MotorolaHeader) + sizeof(TrxHeaderV1), file.size())) {
    return false;
  }
  auto header = TRY(file.read_struct<MotorolaHeader>(position));
  if ((header.model & ~0xffU) != kFamily) return false;
  auto inner = TRY(file.read_struct<TrxHeaderV1>(position + sizeof(MotorolaHeader)));
  return models_of_magic(inner.magic).has_value() || inner.offset[0] == sizeof(TrxHeaderV1) ||
         inner.offset[0] == sizeof(TrxHeaderV2);
}

Result<std::optional<Container>> read(const InputFile& file, std::uint64_t position) {
  if (!TRY(is_motorola(file, position))) return std::nullopt;
  auto header = TRY(file.read_struct<MotorolaHeader>(position));
  Container container = container_at(kMotorolaFormat.kind, file, position, sizeof(MotorolaHeader));
  auto model = std::ranges::find(kModels, header.model.value(), &Model::number);
  bool known = model != kModels.end();
  container.id = known ? std::string(model->name) : fmt::format("{:#010x}", header.model.value());
  container.id_offset = position + kModelField;
  if (!known) {
    constexpr std::uint32_t kAnyKnown = kModels.front().number;
    container.fields = {{"model", position + kModelField, header.model, kAnyKnown, kAnyKnown}};
  }
  container.checksums = {{"CRC", position, header.crc}};
  return container;
}

Status sum(const InputFile& file, Container& container) {
  container.checksums.front().computed =
      TRY(jamcrc_of({}, range_visitor(file, container.position + kModelField, container.end)));
  return {};
}

Result<std::vector<std::byte>> make(const ContainerRequest& request) {
  MotorolaHeader header{};
  auto model = std::ranges::find(kModels, request.identity.id, &Model::name);
  if (model == kModels.end()) {
    return fail(Code::usage, "no Motorola model is called '{}'", request.identity.id);
  }
  header.model = model->number;
  header.crc = TRY(jamcrc_of(as_bytes(header.model), request.contents.visit));
  return header_bytes(header);
}

}  // namespace

const ContainerFormat kMotorolaFormat{board::ContainerKind::motorola, "Motorola", read, make, sum};

}  // namespace trxkit::trx
