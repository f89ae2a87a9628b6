// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// trxtool flash: the contents of a whole chip, for a programmer.
#include "lib/core/units.h"
#include "lib/firmware/chip_image.h"

#include "trxtool/commands.h"
#include "trxtool/options.h"

namespace trxkit {
namespace {

struct FlashOptions {
  std::string image;
  std::string board;
  std::string cfe;
  std::string nvram;
  std::vector<std::string> data;
  std::string output;
};

Result<std::pair<std::string, std::string>> parse_data(const std::string& word) {
  std::size_t sign = word.find('=');
  if (sign == 0 || sign == std::string::npos || sign + 1 == word.size()) {
    return fail(Code::usage, "--data {} is not of the form NAME=FILE", word);
  }
  return std::pair{word.substr(0, sign), word.substr(sign + 1)};
}

void present(const firmware::ChipReport& chip, cli::Report& report) {
  Json parts = Json::array();
  for (const firmware::ChipPart& part : chip.parts) {
    parts.push(Json::object(
        {{"name", part.name}, {"file", part.file}, {"offset", part.offset}, {"size", part.size}}));
    report.say(fmt::format("{:#010x}  {:>10}  {:<10}  {}", part.offset, human_size(part.size),
                           part.name, part.file));
  }
  report.result("parts", std::move(parts));
  report.result("written", !chip.refusal);
  if (chip.manifest) report.result("manifest", chip.manifest->json());
}

Result<int> run_flash(const FlashOptions& options, const Env& env, cli::Report& report) {
  TRY(report.leave_standard_output_to(options.output));
  auto board = TRY(board::load_board(options.board, env));
  firmware::ChipRequest request{.board = &board,
                                .image = options.image,
                                .boot_loader = options.cfe,
                                .nvram = options.nvram,
                                .data = {},
                                .output = options.output};
  for (const std::string& word : options.data) request.data.push_back(TRY(parse_data(word)));
  auto chip = TRY(firmware::make_chip_image(request, env));
  report.result("board", board.name);
  present(chip, report);
  int status = report.findings(chip.findings);
  if (!chip.refusal) return status;
  report.note("nothing was written");
  return cli::exit_status(*chip.refusal);
}

}  // namespace

void add_flash(cli::Program& program) {
  auto options = std::make_shared<FlashOptions>();
  program.verb("flash", "make the contents of a whole chip of a boot loader, an image and nvram")
      .text("image", options->image, "the image; - is standard input", cli::Verb::required)
      .text("--board", options->board, "the router that it is for", cli::Verb::required)
      .text("--cfe", options->cfe, "dump of this router's boot loader or whole flash",
            cli::Verb::required)
      .text("--nvram", options->nvram, "dump of this router's nvram or whole flash")
      .list("--data", options->data, "NAME=FILE: dump of another partition of the board")
      .text("-o,--output", options->output, "the chip's contents; - is standard output",
            cli::Verb::required)
      .action([options](const Env& env, cli::Report& report) {
        return run_flash(*options, env, report);
      });
}

}  // namespace trxkit
