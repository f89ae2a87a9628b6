// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/firmware/find_images.h"

#include "lib/core/units.h"
#include "lib/trx/container.h"
#include "lib/trx/magic.h"

namespace trxkit::firmware {
namespace {

// In a chip there is no container around an image; where there is one it is the board's.
bool may_be_for(const trx::ScanHit& hit, const board::Board& board) {
  bool any = hit.container == board::ContainerKind::none;
  return *board.trx.magic == hit.image.magic && (any || hit.container == board.trx.container);
}

std::string_view state_of(const trx::ScanHit& hit) {
  if (hit.image.length > hit.image.available) return "cut short";
  return hit.crc_ok ? "CRC right" : "CRC wrong";
}

std::string describe_line(const FoundImage& found) {
  const trx::ScanHit& hit = found.hit;
  std::string line = fmt::format("{:#010x}  {:>10}  TRX version {}, magic {}, {}", hit.start,
                                 human_size(hit.image.length), hit.image.version,
                                 trx::describe_magic(hit.image.magic), state_of(hit));
  if (hit.container == board::ContainerKind::asus) {
    line += ", with an ASUS tail";
  } else if (hit.container != board::ContainerKind::none) {
    line += fmt::format(", at {:#x} in {}", hit.image.position, trx::title_of(hit.container));
  }
  if (!found.boards.empty()) line += fmt::format(", for {}", fmt::join(found.boards, " or "));
  return line;
}

Json describe(const FoundImage& found) {
  const trx::ScanHit& hit = found.hit;
  Json boards = Json::array();
  for (const std::string& board : found.boards) boards.push(board);
  Json json = Json::object({{"offset", hit.start},
                            {"container", board::name_of(hit.container)},
                            {"trx_offset", hit.image.position},
                            {"magic", hit.image.magic},
                            {"version", std::uint64_t{hit.image.version}},
                            {"length", hit.image.length},
                            {"crc", hit.image.crc},
                            {"crc_ok", hit.crc_ok},
                            {"complete", hit.image.length <= hit.image.available}});
  if (auto models = trx::models_of_magic(hit.image.magic)) json.set("models", *models);
  return std::move(json.set("boards", std::move(boards)));
}

}  // namespace

Result<FoundImages> find_images(const InputFile& file, const Env& env) {
  std::vector<board::Board> boards = TRY(board::load_all_boards(env));
  std::vector<std::uint32_t> magics;
  for (const board::Board& board : boards) magics.push_back(*board.trx.magic);
  trx::Scan scan = TRY(trx::scan_images(file, magics));
  FoundImages found{.list = {}, .overflow = scan.overflow};
  for (trx::ScanHit& hit : scan.hits) {
    FoundImage image{.hit = std::move(hit), .boards = {}};
    for (const board::Board& board : boards) {
      if (may_be_for(image.hit, board)) image.boards.push_back(board.name);
    }
    found.list.push_back(std::move(image));
  }
  return found;
}

Json describe(const FoundImages& images) {
  Json list = Json::array();
  for (const FoundImage& image : images.list) list.push(describe(image));
  return list;
}

std::vector<std::string> describe_lines(const FoundImages& images) {
  std::vector<std::string> lines;
  for (const FoundImage& image : images.list) lines.push_back(describe_line(image));
  return lines;
}

}  // namespace trxkit::firmware
