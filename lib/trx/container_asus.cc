// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// ASUS: the last 64 bytes inside `length`, under the CRC, name version and product. Nothing marks
// them, so only a tail that looks like one in every byte that is known is taken for it (OpenWrt
// firmware-utils src/asustrx.c, FreshTomato btools/fpkg.c).
#include <algorithm>

#include "lib/trx/container_format.h"
#include "lib/trx/magic.h"

namespace trxkit::trx {
namespace {

struct AsusTail {
  std::array<std::uint8_t, 4> version;
  std::array<char, 12> product;
  std::array<std::uint8_t, 16> hardware;  ///< versions of eight boards; usually 0
  std::array<std::uint8_t, 32> reserved;
};
static_assert(sizeof(AsusTail) == kAsusTailSize && alignof(AsusTail) == 1);

constexpr std::uint64_t kProductField = 4;
constexpr std::size_t kAlwaysZero = 16;  ///< at the end of `reserved`; later firmware uses the rest

bool is_product(char character) {
  bool letter = (character >= 'A' && character <= 'Z') || (character >= 'a' && character <= 'z');
  bool digit = character >= '0' && character <= '9';
  return letter || digit || std::string_view(" -_+.").contains(character);
}

bool looks_like_tail(const AsusTail& tail) {
  std::string product = text_of(tail.product);
  auto rest = std::span(tail.product).subspan(product.size());
  auto zeros = std::span(tail.reserved).last(kAlwaysZero);
  return product.size() >= 2 && std::ranges::all_of(product, is_product) &&
         std::ranges::count(rest, '\0') == std::ssize(rest) &&
         std::ranges::count(zeros, 0) == std::ssize(zeros);
}

// Where the tail of the TRX at `position` would be: bytes from the start of the file.
Result<std::optional<std::uint64_t>> place_of_tail(const InputFile& file, std::uint64_t position) {
  if (!range_inside(position, sizeof(TrxHeaderV1), file.size())) return std::nullopt;
  auto header = TRY(file.read_struct<TrxHeaderV1>(position));
  bool trx = models_of_magic(header.magic).has_value() || header.offset[0] == sizeof(TrxHeaderV1) ||
             header.offset[0] == sizeof(TrxHeaderV2);
  bool room = header.length >= sizeof(TrxHeaderV2) + kAsusTailSize &&
              range_inside(position, header.length, file.size());
  if (!trx || !room) return std::nullopt;
  return position + header.length - kAsusTailSize;
}

Result<std::optional<Container>> read(const InputFile& file, std::uint64_t position) {
  std::optional<std::uint64_t> place = TRY(place_of_tail(file, position));
  if (!place) return std::nullopt;
  auto tail = TRY(file.read_struct<AsusTail>(*place));
  if (!looks_like_tail(tail)) return std::nullopt;
  Container container = container_at(kAsusFormat.kind, file, *place, sizeof(AsusTail));
  container.trx = position;
  container.id = text_of(tail.product);
  container.id_offset = *place + kProductField;
  container.version.assign(tail.version.begin(), tail.version.end());
  return container;
}

Result<std::vector<std::byte>> make(const ContainerRequest& request) {
  AsusTail tail{};
  const board::ContainerIdentity& identity = request.identity;
  std::ranges::copy_n(
      identity.version.begin(),
      std::ssize(std::span(identity.version)
                     .first(std::min(identity.version.size(), tail.version.size()))),
      tail.version.begin());
  std::ranges::copy_n(
      identity.id.begin(),
      static_cast<std::ptrdiff_t>(std::min(identity.id.size(), tail.product.size())),
      tail.product.begin());
  return header_bytes(tail);
}

}  // namespace

Result<bool> is_asus_tail(const InputFile& file) {
  if (file.size() != sizeof(AsusTail)) return false;
  return looks_like_tail(TRY(file.read_struct<AsusTail>(0)));
}

const ContainerFormat kAsusFormat{board::ContainerKind::asus, "ASUS tail", read, make};

}  // namespace trxkit::trx
