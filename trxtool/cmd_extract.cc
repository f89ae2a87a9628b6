// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// trxtool extract: parts of an image as files.
#include "lib/core/units.h"
#include "lib/firmware/extract.h"
#include "lib/firmware/unwrap.h"

#include "trxtool/commands.h"
#include "trxtool/options.h"

namespace trxkit {
namespace {

struct ExtractOptions {
  std::string file;
  std::string part;
  std::optional<std::uint64_t> offset;
  bool decompress = false;
  std::string output;
};

// The bare image instead of its parts.
Result<int> run_unwrap(const ExtractOptions& options, const InputFile& file, cli::Report& report) {
  if (options.decompress) return fail(Code::usage, "--decompress says nothing about a whole image");
  auto unwrapped = TRY(firmware::unwrap(file, options.offset, options.output));
  report.result("files", Json::array().push(Json::object(
                             {{"part", 0}, {"file", options.output}, {"size", unwrapped.size}})));
  report.say(fmt::format("trx     {:>10}  {}", human_size(unwrapped.size), options.output));
  return report.findings(unwrapped.findings);
}

Result<int> run_extract(const ExtractOptions& options, const Env& env, cli::Report& report) {
  TRY(report.leave_standard_output_to(options.output));
  if (options.output == "-" && options.part.empty()) {
    return advise(fail(Code::usage, "standard output cannot take several files"),
                  "choose one with --part, or name a folder with -o");
  }
  auto file = TRY(InputFile::open(options.file, env));
  TRY(keep_inputs(options.output, {options.file}));
  if (options.part == "trx") return run_unwrap(options, file, report);
  firmware::ExtractRequest request{.part = {},
                                   .offset = options.offset,
                                   .decompress = options.decompress,
                                   .output = options.output};
  if (!options.part.empty()) request.part = TRY(parse_number(options.part));
  auto result = TRY(firmware::extract(file, request));
  Json files = Json::array();
  for (const firmware::ExtractedFile& part : result.files) {
    files.push(Json::object(
        {{"part", std::uint64_t{part.part}}, {"file", part.path}, {"size", part.size}}));
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
      .text("--part", options->part,
            "only this part: 1 to 4, or trx for the image without container")
      .size("--offset", options->offset, "where the image or its container starts in the file")
      .flag("--decompress", options->decompress, "unpack gzip and LZMA")
      .text("-o,--output", options->output, "a new folder for all parts; a file with --part",
            cli::Verb::required)
      .action([options](const Env& env, cli::Report& report) {
        return run_extract(*options, env, report);
      });
}

}  // namespace trxkit
