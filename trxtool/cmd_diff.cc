// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// trxtool diff: what changed from one image to another.
#include <algorithm>

#include "lib/core/printable.h"
#include "lib/core/units.h"
#include "lib/firmware/compare.h"

#include "trxtool/commands.h"

namespace trxkit {
namespace {

using firmware::Difference;

struct DiffOptions {
  std::string before;
  std::string after;
};

void say(const std::vector<Difference>& differences, cli::Report& report) {
  std::size_t place_width = 0;
  std::size_t field_width = 0;
  for (const Difference& difference : differences) {
    place_width = std::max(place_width, difference.place.size());
    field_width = std::max(field_width, difference.field.size());
  }
  for (const Difference& difference : differences) {
    report.say(fmt::format("{:<{}}  {:<{}}  {}", difference.place, place_width, difference.field,
                           field_width, printable(difference.text)));
  }
  report.say(differences.empty()
                 ? "the same"
                 : fmt::format("{} difference{}", differences.size(), plural(differences.size())));
}

Result<int> run_diff(const DiffOptions& options, const Env& env, cli::Report& report) {
  auto before = TRY(InputFile::open(options.before, env));
  auto after = TRY(InputFile::open(options.after, env));
  auto differences = TRY(firmware::compare(before, after));
  say(differences, report);
  Json list = Json::array();
  for (const Difference& difference : differences) {
    list.push(Json::object({{"place", difference.place},
                            {"field", difference.field},
                            {"before", difference.before},
                            {"after", difference.after},
                            {"text", difference.text}}));
  }
  report.result("same", differences.empty());
  report.result("differences", std::move(list));
  return differences.empty() ? 0 : 1;
}

}  // namespace

void add_diff(cli::Program& program) {
  auto options = std::make_shared<DiffOptions>();
  program.verb("diff", "say what changed from one image to another; status 1 if anything did")
      .text("before", options->before, "an image; - is standard input", cli::Verb::required)
      .text("after", options->after, "another image", cli::Verb::required)
      .action([options](const Env& env, cli::Report& report) {
        return run_diff(*options, env, report);
      });
}

}  // namespace trxkit
