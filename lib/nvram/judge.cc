// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/nvram/judge.h"

#include <algorithm>
#include <map>

#include "lib/core/printable.h"
#include "lib/core/units.h"

namespace trxkit::nvram {
namespace {

void judge_length(const Nvram& nvram, Findings& findings) {
  std::uint64_t length = nvram.header.length;
  if (length < sizeof(NvramHeader)) {
    findings.add("NVR002", nvram.at(kLengthField),
                 fmt::format("length is {} byte{}, less than the header's {}", length,
                             plural(length), sizeof(NvramHeader)),
                 "read the nvram from the router again");
  } else if (length > nvram.room) {
    findings.add("NVR003", nvram.at(kLengthField),
                 fmt::format("length is {:#x}, {} byte{} more than the room of {:#x}", length,
                             length - nvram.room, plural(length - nvram.room), nvram.room),
                 "the dump is cut short, or the length damaged: read it from the router again");
  }
  if (length % kLengthAlignment != 0) {
    findings.add("NVR012", nvram.at(kLengthField),
                 fmt::format("length {:#x} is no multiple of {}: boot loaders round it up", length,
                             kLengthAlignment));
  }
}

void judge_crc(const Nvram& nvram, Findings& findings) {
  if (nvram.header.crc == nvram.computed_crc) return;
  findings.add("NVR004", nvram.at(kCrcField),
               fmt::format("the CRC is {:#04x}, but the bytes give {:#04x}", nvram.header.crc,
                           nvram.computed_crc),
               "the boot loader will not take it: it goes back to its defaults");
}

void judge_version(const Nvram& nvram, Findings& findings) {
  if (nvram.header.version == 1) return;
  findings.add("NVR005", nvram.at(kVersionField),
               fmt::format("version is {}; only 1 is known", nvram.header.version));
}

// CFE's nvram_rehash() lets a later setting replace an earlier one; Linux' bcm47xx_nvram_getenv()
// takes the first.
void judge_names(const Nvram& nvram, Findings& findings) {
  std::map<std::string_view, std::uint64_t> seen;
  for (const Setting& setting : nvram.settings) {
    if (!setting.assigned || setting.name.empty()) {
      findings.add("NVR007", nvram.at(setting.offset),
                   setting.assigned ? "a setting has no name" : "a setting has no '='");
      continue;
    }
    auto [earlier, is_new] = seen.emplace(setting.name, setting.offset);
    if (is_new) continue;
    findings.add("NVR008", nvram.at(setting.offset),
                 fmt::format("'{}' stands at {:#x} as well: the boot loader takes the last, Linux "
                             "the first",
                             printable(setting.name), nvram.position + earlier->second),
                 "setting it once more with 'trxtool nvram set' leaves one");
  }
}

// The first byte of [from, to) that is not one of `padding`.
std::optional<std::uint64_t> first_foreign(const Nvram& nvram, std::uint64_t from, std::uint64_t to,
                                           std::uint8_t padding) {
  for (std::uint64_t i = from; i < to; ++i) {
    if (std::to_integer<std::uint8_t>(nvram.bytes[i]) != padding) return i;
  }
  return std::nullopt;
}

void judge_ends(const Nvram& nvram, Findings& findings) {
  if (nvram.header.length < sizeof(NvramHeader)) return;
  if (!nvram.terminator) {
    findings.add("NVR006", nvram.at(nvram.end()),
                 "the settings run up to length without the empty name that ends them",
                 "readers go on into whatever follows");
    return;
  }
  if (auto place = first_foreign(nvram, *nvram.terminator, nvram.end(), 0)) {
    findings.add("NVR009", nvram.at(*place),
                 fmt::format("bytes between the end of the settings {:#x} and length {:#x}: no "
                             "reader looks there",
                             *nvram.terminator, nvram.end()));
  }
}

void judge_rest(const Nvram& nvram, Findings& findings) {
  if (nvram.place == Place::defaults) return;
  if (auto place = first_foreign(nvram, nvram.end(), nvram.room, kErased)) {
    findings.add("NVR010", nvram.at(*place),
                 fmt::format("bytes behind length {:#x} are not erased: of an older, longer nvram?",
                             nvram.end()));
  }
}

void judge_space(const Nvram& nvram, std::optional<std::uint64_t> expected, Findings& findings) {
  if (!expected || nvram.place != Place::flash_end || nvram.room == *expected) return;
  findings.add("NVR011", nvram.at(0),
               fmt::format("nvram has {} ({:#x}) at the end of the chip; the board file says {} "
                           "({:#x})",
                           human_size(nvram.room), nvram.room, human_size(*expected), *expected),
               "is this the dump of another router?");
}

}  // namespace

Findings judge(const Nvram& nvram, std::optional<std::uint64_t> expected_space) {
  Findings findings;
  judge_length(nvram, findings);
  judge_crc(nvram, findings);
  judge_version(nvram, findings);
  judge_names(nvram, findings);
  judge_ends(nvram, findings);
  judge_rest(nvram, findings);
  judge_space(nvram, expected_space, findings);
  return findings;
}

}  // namespace trxkit::nvram
