// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/trx/cybertan.h"

#include <algorithm>
#include <chrono>

#include "lib/trx/container_format.h"
#include "lib/trx/container_rules.h"

namespace trxkit::trx {
namespace {

// No stock firmware is newer (fpkg.c).
constexpr std::array<std::uint8_t, 3> kUsualVersion{4, 0, 0};

constexpr std::uint64_t kDatePlace = 8;
constexpr std::uint64_t kHardwarePlace = 18;
constexpr std::uint64_t kSerialPlace = 19;
constexpr std::uint64_t kFlagsPlace = 20;
constexpr std::uint64_t kReservedPlace = 30;

const Part* fourth_part(const Image& image) {
  auto part = std::ranges::find(image.parts, 4U, &Part::number);
  return part == image.parts.end() ? nullptr : &*part;
}

// The CRC does not see these fields, so each has to be one of the two values that exist.
void judge_states(const CyberTanHeader& header, const Image& image, std::uint64_t offset,
                  Findings& findings) {
  for (std::size_t i = 0; i < header.states.size(); ++i) {
    std::uint16_t mark = i == 0 ? kCyberTanStable : kCyberTanTried;
    std::uint16_t state = header.states[i];
    Where place = image.at(offset + kCyberTanStates + 2 * i);
    if (state != kCyberTanUnset && state != mark) {
      findings.add("TRX042", place,
                   fmt::format("the boot state '{}' is {:#06x}; boot loaders know {:#06x} (unset) "
                               "and {:#06x} (set)",
                               kCyberTanStateNames[i], state, kCyberTanUnset, mark),
                   "the CRC does not cover it: build the image again");
    } else if (i > 1 && state == mark && header.states[i - 1] == kCyberTanUnset) {
      findings.add("TRX042", place,
                   fmt::format("the boot state '{}' is set, but '{}' is not",
                               kCyberTanStateNames[i], kCyberTanStateNames[i - 1]),
                   "a boot loader sets them in order: build the image again");
    }
  }
}

}  // namespace

void describe_cybertan(const CyberTanHeader& header, std::uint64_t position, Container& container) {
  container.id = text_of(header.pattern);
  container.id_offset = position;
  container.version.assign(header.version.begin(), header.version.end());
  container.fields = {{"year", position + kDatePlace, header.date[0], 0, 99},
                      {"month", position + kDatePlace + 1, header.date[1], 1, 12},
                      {"day", position + kDatePlace + 2, header.date[2], 1, 31},
                      {"hardware", position + kHardwarePlace, header.hardware},
                      {"serial", position + kSerialPlace, header.serial},
                      {"flags", position + kFlagsPlace, header.flags},
                      {"reserved", position + kReservedPlace, header.reserved, 0, 0}};
}

CyberTanHeader make_cybertan(const board::ContainerIdentity& identity, std::int64_t epoch,
                             bool dual) {
  using namespace std::chrono;
  year_month_day date{floor<days>(sys_seconds(seconds(epoch)))};
  CyberTanHeader header{};
  std::ranges::copy_n(
      identity.id.begin(),
      static_cast<std::ptrdiff_t>(std::min(identity.id.size(), header.pattern.size())),
      header.pattern.begin());
  header.date = {
      static_cast<std::uint8_t>(static_cast<unsigned>(static_cast<int>(date.year())) % 100),
      static_cast<std::uint8_t>(static_cast<unsigned>(date.month())),
      static_cast<std::uint8_t>(static_cast<unsigned>(date.day()))};
  header.version = kUsualVersion;
  if (identity.version.size() == header.version.size()) {
    std::ranges::copy(identity.version, header.version.begin());
  }
  std::ranges::copy(kCyberTanId, header.id.begin());
  header.hardware = identity.hardware;
  header.serial = identity.serial;
  header.flags = identity.flags;
  if (dual) header.states = {kCyberTanStable, kCyberTanTried, kCyberTanUnset, kCyberTanUnset};
  return header;
}

Result<std::optional<CyberTanHeader>> read_fourth(const InputFile& file, const Image& image) {
  const Part* part = fourth_part(image);
  if (part == nullptr || part->size() < sizeof(CyberTanHeader)) return std::nullopt;
  return TRY(file.read_struct<CyberTanHeader>(image.position + part->offset));
}

Findings judge_fourth(const CyberTanHeader& header, const Image& image, const board::Board* board) {
  Findings findings;
  const Part* part = fourth_part(image);
  if (part == nullptr) return findings;
  if (!std::ranges::equal(header.id, kCyberTanId)) {
    findings.add("TRX041", image.at(part->offset + kCyberTanIdField),
                 "part 4 of version 2 has to be a CyberTAN header with \"U2ND\" at byte 14",
                 "dual-image boot loaders look for it: build the image again");
    return findings;
  }
  Container described;
  described.kind = board::ContainerKind::cybertan;
  described.file = image.file;
  describe_cybertan(header, image.position + part->offset, described);
  judge_model(described, board, findings);
  judge_fields(described, findings);
  judge_states(header, image, part->offset, findings);
  return findings;
}

}  // namespace trxkit::trx
