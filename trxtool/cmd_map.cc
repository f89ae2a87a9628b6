// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// trxtool map: what lies where in a board's flash, and what its kernel will make of it.
#include <filesystem>
#include <memory>
#include <optional>

#include "lib/board/board.h"
#include "lib/cli/program.h"
#include "lib/firmware/flash_layout.h"
#include "lib/firmware/flash_map.h"
#include "lib/system/file.h"

#include "trxtool/commands.h"
#include "trxtool/options.h"

namespace trxkit {
namespace {

struct MapOptions {
  std::string image;
  std::string board;
  std::string svg;
  std::string cfe;
  std::optional<std::uint64_t> erase_size;
};

// Without --board: the one board whose images bear this magic.
Result<board::Board> board_of_magic(std::uint32_t magic, const Env& env) {
  std::vector<board::Board> boards = TRY(board::load_all_boards(env));
  std::vector<std::string> names;
  std::optional<board::Board> match;
  for (board::Board& board : boards) {
    if (*board.trx.magic != magic) continue;
    names.push_back("--board " + board.name);
    match = std::move(board);
  }
  if (names.size() == 1) return *std::move(match);
  if (names.empty()) {
    return advise(fail(Code::usage, "no board's images have the magic {:#010x}", magic),
                  "say which one it is for: --board NAME");
  }
  return advise(fail(Code::usage, "several boards' images have the magic {:#010x}", magic),
                fmt::format("say which one it is for: {}", fmt::join(names, " or ")));
}

Result<board::Board> choose_board(const MapOptions& options, const firmware::ImageLayout* layout,
                                  const Env& env) {
  if (options.board.empty() && layout == nullptr) {
    return advise(fail(Code::usage, "nothing to draw"), "give --board NAME or an image");
  }
  board::Board board = options.board.empty() ? TRY(board_of_magic(layout->magic, env))
                                             : TRY(board::load_board(options.board, env));
  if (options.erase_size) TRY(firmware::assume_erase_size(board, *options.erase_size));
  return board;
}

Json to_json(const std::vector<firmware::KernelView>& views) {
  Json list = Json::array();
  for (const firmware::KernelView& view : views) {
    Json partitions = Json::array();
    for (const firmware::KernelPartition& partition : view.partitions) {
      std::string device = fmt::format("{}{}", view.device_prefix, partition.number);
      partitions.push(Json::object({{"number", partition.number},
                                    {"name", partition.name},
                                    {"device", std::move(device)},
                                    {"offset", partition.offset},
                                    {"size", partition.size},
                                    {"writable", partition.writable},
                                    {"nested", partition.nested}}));
    }
    list.push(Json::object({{"condition", view.condition}, {"partitions", std::move(partitions)}}));
  }
  return list;
}

Status write_svg(const std::string& path, const firmware::FlashMap& map) {
  OutputFile file = TRY(OutputFile::create(path));
  TRY(file.write(as_bytes(firmware::draw_svg(map))));
  return file.commit();
}

Result<int> run_map(const MapOptions& options, const Env& env, cli::Report& report) {
  TRY(report.leave_standard_output_to(options.svg));
  std::optional<InputFile> image;
  std::optional<firmware::ImageLayout> layout;
  if (!options.image.empty()) {
    image = TRY(InputFile::open(options.image, env));
    layout = TRY(firmware::read_layout(*image));
  }
  std::optional<InputFile> cfe = TRY(optional_file(options.cfe, env));
  const firmware::ImageLayout* known = pointer_to(layout);
  board::Board board = TRY(choose_board(options, known, env));
  TRY(keep_inputs(options.svg, {options.image, options.cfe, board.file}));

  firmware::FlashMap map{.title = board.model,
                         // Without its folders: the picture of one image is one picture.
                         .subtitle = std::filesystem::path(options.image).filename().string(),
                         .plan = firmware::plan_flash(board, known),
                         .views = {}};
  if (image || cfe) {
    firmware::FlashPicture chip =
        firmware::compose_flash(board, pointer_to(image), known, pointer_to(cfe));
    map.views = TRY(firmware::view_flash(board, known, chip, cfe.has_value()));
  }
  for (const std::string& line : firmware::draw_text(map)) report.say(line);
  report.result("board", board.name);
  report.result("flash", firmware::describe(map.plan));
  report.result("kernel", to_json(map.views));
  if (!options.svg.empty()) TRY(write_svg(options.svg, map));
  Findings findings;
  if (layout) {
    findings = firmware::judge_layout(board, *layout);
    findings.append(firmware::judge_root(board, *layout, map.views));
  }
  return report.findings(findings);
}

}  // namespace

void add_map(cli::Program& program) {
  auto options = std::make_shared<MapOptions>();
  program.verb("map", "show where an image lies in the flash, and what is left")
      .text("image", options->image, "the image; without one, the empty flash of --board")
      .text("--board", options->board, "the router that it is for; else by the image's magic")
      .text("--svg", options->svg, "write the map as SVG as well; - is standard output")
      .text("--cfe", options->cfe, "dump of this router's boot loader or whole flash")
      .size("--erase-size", options->erase_size, "erase block of this router's flash, if you know")
      .action([options](const Env& env, cli::Report& report) {
        return run_map(*options, env, report);
      });
}

}  // namespace trxkit
