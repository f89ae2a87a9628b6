// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// trxtool extract: parts of an image as files.
#include "lib/core/units.h"
#include "lib/firmware/extract.h"

#include "trxtool/commands.h"
#include "trxtool/options.h"

namespace trxkit {
namespace {

struct ExtractOptions {
  std::string file;
  std::optional<std::uint64_t> part;
  bool decompress = false;
  std::string output;
};

Result<int> run_extract(const ExtractOptions& options, const Env& env, cli::Report& report) {
  TRY(check_standard_output(options.output, report.json_wanted()));
  auto file = TRY(InputFile::open(options.file, env));
  firmware::ExtractRequest request{options.part, options.decompress, options.output};
  auto result = TRY(firmware::extract(file, request, env));
  Json files = Json::array();
  for (const firmware::ExtractedFile& part : result.files) {
    files.push(Json::object(
        {{"part", std::uint64_t{part.part}}, {"file", part.path}, {"size", part.size}}));
    if (options.output == "-") continue;
    std::string what = part.part == 0 ? "image" : fmt::format("part {}", part.part);
    report.say(fmt::format("{:<6}  {:>10}  {}", what, human_size(part.size), part.path));
  }
  report.result("files", std::move(files));
  return report.findings(result.findings);
}

}  // namespace

void add_extract(cli::Program& program) {
  auto options = std::make_shared<ExtractOptions>();
  program
      .verb("extract",
            "write the parts of an image to files, with the recipe that packs them again")
      .text("file", options->file, "the image; - is standard input", cli::Verb::required)
      .size("--part", options->part, "only this part (1 to 4)")
      .flag("--decompress", options->decompress, "unpack gzip and LZMA")
      .text("-o,--output", options->output, "a new folder for all parts; a file with --part",
            cli::Verb::required)
      .action([options](const Env& env, cli::Report& report) {
        return run_extract(*options, env, report);
      });
}

}  // namespace trxkit
