// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The rules of containers: one set for all kinds, as reading has made them comparable.
#include <algorithm>

#include "lib/core/units.h"
#include "lib/trx/container_rules.h"

namespace trxkit::trx {
namespace {

using board::ContainerKind;

void judge_bare(const Image& image, const board::Board& board, Findings& findings) {
  ContainerKind wanted = board.trx.container;
  if (wanted == ContainerKind::none) return;
  if (wanted == ContainerKind::edimax) {
    findings.add("TRX034", image.at(0),
                 fmt::format("the image is a bare TRX, but {} starts it only behind {}", board.name,
                             title_of(wanted)),
                 "pack the image with --board " + board.name);
    return;
  }
  findings.add("TRX036", image.at(0),
               fmt::format("the image is a bare TRX: the boot loader of {} starts it, its stock "
                           "firmware takes only {}",
                           board.name, title_of(wanted)),
               "pack it with --board " + board.name + " for the stock web page");
}

void judge_kind(const Container& container, const board::Board& board, Findings& findings) {
  if (container.kind == board.trx.container) return;
  findings.add("TRX034", container.at(container.position),
               fmt::format("the image is in {}, but {} takes {}", title_of(container.kind),
                           board.name, title_of(board.trx.container)),
               "trxtool extract --part trx writes the TRX alone");
}

void judge_length(const Container& container, Findings& findings) {
  if (!container.length || container.length->stated <= container.length->available) return;
  const ContainerLength& length = *container.length;
  std::uint64_t missing = length.stated - length.available;
  findings.add(
      "TRX031", container.at(length.offset),
      fmt::format("the contents should have {:#x} bytes, but the file ends after {:#x}: {} "
                  "byte{} missing",
                  length.stated, length.available, missing, plural(missing)),
      "fetch the file again: it is cut short");
}

void judge_checksum(const Container& container, const ContainerChecksum& checksum,
                    Findings& findings) {
  if (checksum.stated == checksum.computed) return;
  std::string message = fmt::format("the {} is {:#010x}, but the bytes give {:#010x}",
                                    checksum.name, checksum.stated, checksum.computed);
  std::string hint = "the file is damaged or was changed after it was made";
  if (checksum.of_header) {
    findings.add("TRX033", container.at(checksum.offset), std::move(message), std::move(hint));
  } else {
    findings.add("TRX032", container.at(checksum.offset), std::move(message), std::move(hint));
  }
}

void judge_tail(const Container& container, const Image& image, Findings& findings) {
  for (const Part& part : image.parts) {
    std::uint64_t tail = container.position - image.position;
    if (part.offset < tail || part.offset >= image.length) continue;
    findings.add("TRX043", image.at(part.offset),
                 fmt::format("part {} starts at {:#x}, inside the ASUS tail at {:#x}", part.number,
                             part.offset, tail),
                 "build the image again");
  }
}

void judge_third(const Image& image, Findings& findings) {
  if (std::ranges::find(image.parts, 3U, &Part::number) != image.parts.end()) return;
  findings.add("TRX044", image.at(kOffsetField + 8),
               "without part 3 nothing lies where an Edimax system looks for its root",
               "an Edimax image has three parts: loader, kernel and root file system");
}

}  // namespace

void judge_model(const Container& container, const board::Board* board, Findings& findings) {
  auto plain = [](char character) { return character >= ' ' && character <= '~'; };
  bool text = !container.id.empty() && std::ranges::all_of(container.id, plain);
  Where place = container.at(*container.id_offset);
  if (!text) {
    findings.add("TRX040", place,
                 fmt::format("the model in {} is no text: '{}'", title_of(container.kind),
                             printable_id(container)),
                 "build the image again");
    return;
  }
  if (board == nullptr || board->trx.identity.id.empty()) return;
  if (container.id == board->trx.identity.id) return;
  findings.add("TRX035", place,
               fmt::format("the image is for '{}', but {} is '{}'", container.id, board->name,
                           board->trx.identity.id),
               "take the image for this very model, or pack it with --board " + board->name);
}

void judge_fields(const Container& container, Findings& findings) {
  for (const ContainerField& field : container.fields) {
    if (field.value >= field.least && field.value <= field.most) continue;
    std::string usual = field.least == field.most
                            ? fmt::format("{:#x}", field.least)
                            : fmt::format("{} to {}", field.least, field.most);
    findings.add("TRX039", container.at(field.offset),
                 fmt::format("the {} in {} is {:#x}; known tools write {}", field.name,
                             title_of(container.kind), field.value, usual));
  }
}

Findings judge_container(const Container& container, const Image& image,
                         const board::Board* board) {
  Findings findings;
  if (container.kind == ContainerKind::none) {
    if (board != nullptr) judge_bare(image, *board, findings);
    return findings;
  }
  if (board != nullptr) judge_kind(container, *board, findings);
  bool this_kind = board != nullptr && container.kind == board->trx.container;
  if (container.id_offset) judge_model(container, this_kind ? board : nullptr, findings);
  judge_length(container, findings);
  for (const ContainerChecksum& checksum : container.checksums) {
    judge_checksum(container, checksum, findings);
  }
  judge_fields(container, findings);
  if (container.kind == ContainerKind::asus) judge_tail(container, image, findings);
  if (container.kind == ContainerKind::edimax) judge_third(image, findings);
  if (container.foreign) {
    findings.add("TRX038", container.at(*container.foreign),
                 fmt::format("behind the contents of {}, which end at {:#x}, there is more than "
                             "padding",
                             title_of(container.kind), container.end),
                 "nothing reads these bytes: cut them off");
  }
  return findings;
}

}  // namespace trxkit::trx
