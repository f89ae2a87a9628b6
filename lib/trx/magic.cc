// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/trx/magic.h"

#include <array>
#include <limits>

#include <fmt/format.h>

#include "lib/core/units.h"
#include "lib/trx/header.h"

namespace trxkit::trx {
namespace {

struct KnownMagic {
  std::uint32_t magic;
  std::string_view models;
};

// Sources: Tomato include/trxhdr.h and rc/mtd.c, FreshTomato btools/fpkg.c, DD-WRT mtd.c; the
// F7D3402 from ddscentral.org (2012-06) alone.
constexpr std::array<KnownMagic, 7> kKnownMagics{{{kHdr0, "\"HDR0\", most Broadcom boards"},
                                                  {0x20100322, "Belkin F7D3301/F7D7301"},
                                                  {0x20090928, "Belkin F7D3302/F7D7302"},
                                                  {0x20091006, "Belkin F7D4302/F7D8302"},
                                                  {0x00017116, "Belkin F5D8235-4 v3"},
                                                  {0x12345678, "Belkin QA firmware, any F7D model"},
                                                  {0x00017517, "Belkin F7D3402"}}};

}  // namespace

std::optional<std::string_view> models_of_magic(std::uint32_t magic) {
  for (const KnownMagic& known : kKnownMagics) {
    if (known.magic == magic) return known.models;
  }
  return std::nullopt;
}

std::string describe_magic(std::uint32_t magic) {
  auto models = models_of_magic(magic);
  return models ? fmt::format("{:#010x} ({})", magic, *models) : fmt::format("{:#010x}", magic);
}

Result<std::uint32_t> parse_magic(std::string_view text) {
  if (text == "HDR0") return kHdr0;
  if (!text.starts_with("0x") && !text.starts_with("0X")) {
    bool digits = !text.empty() && text.find_first_not_of("0123456789abcdefABCDEF") == text.npos;
    return advise(fail(Code::usage, "'{}' is no magic", text),
                  digits ? fmt::format("write 0x{} if that is meant", text)
                         : "write 0x and hexadecimal digits, or HDR0");
  }
  std::uint64_t magic = TRY(parse_number(text));
  if (magic <= std::numeric_limits<std::uint32_t>::max()) return static_cast<std::uint32_t>(magic);
  return fail(Code::usage, "'{}' is no magic: those have 32 bits", text);
}

}  // namespace trxkit::trx
