// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/firmware/magic_notes.h"

#include <algorithm>
#include <array>

#include "lib/trx/header.h"
#include "lib/trx/magic.h"

namespace trxkit::firmware {
namespace {

constexpr std::uint32_t kBelkinQa = 0x12345678;
// Boards with the same identifiers in nvram (FreshTomato release/src/router/shared/id.c).
constexpr std::array<std::uint32_t, 3> kFamily{0x20100322, 0x20090928, 0x20091006};

bool is_belkin(std::uint32_t magic) {
  auto models = trx::models_of_magic(magic);
  return models && models->starts_with("Belkin");
}

}  // namespace

// Sources: DD-WRT mtd.c; Tomato rc/mtd.c and lzma-loader/decompress.c; FreshTomato
// release/src/router/shared/id.c.
Findings notes_on_magic(std::uint32_t magic, const Where& place) {
  Findings findings;
  if (magic == trx::kHdr0) {
    findings.add("TRX060", place,
                 "\"HDR0\" is what most boot loaders take, and DD-WRT's own web page on Belkin "
                 "routers too, which then writes the magic that is in flash; a Belkin boot loader "
                 "does not start it");
  } else if (is_belkin(magic)) {
    findings.add("TRX060", place,
                 "the boot loader and the stock web page of such a router take this magic, and "
                 "Tomato's web page, which writes that of the model that it runs on; DD-WRT's own "
                 "web page wants \"HDR0\"");
  }
  if (magic == kBelkinQa) {
    findings.add("TRX061", place,
                 "Tomato's loader does not know the magic of Belkin's QA firmware and finds no "
                 "kernel behind it",
                 "give the image the magic of the model");
  }
  if (std::ranges::find(kFamily, magic) != kFamily.end()) {
    findings.add(
        "TRX062", place,
        "F7D3301, F7D3302 and F7D4302 have the same identifiers: Tomato tells them apart by "
        "the magic in flash, so another model's changes the ports and LEDs that it uses");
  }
  return findings;
}

}  // namespace trxkit::firmware
