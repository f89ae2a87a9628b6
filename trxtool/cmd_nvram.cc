// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// trxtool nvram: the boot loader's settings in a dump, shown and changed.
#include "lib/core/printable.h"
#include "lib/firmware/change_nvram.h"
#include "lib/nvram/describe.h"
#include "lib/nvram/judge.h"

#include "trxtool/commands.h"
#include "trxtool/options.h"
#include "trxtool/patch_result.h"

namespace trxkit {
namespace {

struct NvramOptions {
  std::string action;
  std::string file;
  std::vector<std::string> settings;
  std::string board;
  bool secrets = false;
  bool defaults = false;
  firmware::PatchTarget target;
};

Result<nvram::Nvram> read(const NvramOptions& options, const Env& env) {
  auto file = TRY(InputFile::open(options.file, env));
  return firmware::read_settings(file, options.defaults);
}

Result<int> show(const NvramOptions& options, const Env& env, cli::Report& report) {
  auto board = TRY(optional_board(options.board, env));
  nvram::Nvram nvram = TRY(read(options, env));
  auto secrets = options.secrets ? nvram::Secrets::shown : nvram::Secrets::hidden;
  report.result("nvram", describe(nvram, secrets));
  for (const std::string& line : describe_lines(nvram, secrets)) report.say(line);
  std::optional<std::uint64_t> space;
  if (board) space = board->boot_loader.nvram_space;
  return report.findings(nvram::judge(nvram, space));
}

// Whoever names a setting wants its value, secret or not.
Result<int> get(const NvramOptions& options, const Env& env, cli::Report& report) {
  nvram::Nvram nvram = TRY(read(options, env));
  Json settings = Json::array();
  for (const std::string& name : options.settings) {
    const nvram::Setting* setting = nvram.find(name);
    if (setting == nullptr) return nvram::no_setting(nvram.settings, name);
    report.say(env.out_is_terminal ? printable(setting->value) : setting->value + "\n");
    settings.push(Json::object({{"name", name}, {"value", setting->value}}));
  }
  report.result("settings", std::move(settings));
  return report.findings(nvram::judge(nvram, std::nullopt));
}

Result<std::vector<nvram::Change>> changes_of(const NvramOptions& options) {
  std::vector<nvram::Change> changes;
  for (const std::string& word : options.settings) {
    if (options.action == "unset") {
      changes.push_back({word, std::nullopt});
    } else {
      changes.push_back(TRY(nvram::parse_assignment(word)));
    }
  }
  return changes;
}

Result<int> change(const NvramOptions& options, const Env& env, cli::Report& report) {
  TRY(report.leave_standard_output_to(options.target.output));
  auto changes = TRY(changes_of(options));
  auto result = TRY(firmware::change_nvram(options.file, changes, options.target, env));
  Json names = Json::array();
  for (const nvram::Change& change : changes) names.push(change.name);
  report.result("changed", std::move(names));
  return finish_patch(result, report);
}

Status check(const NvramOptions& options) {
  bool changes = options.action == "set" || options.action == "unset";
  if (options.action == "show" && !options.settings.empty()) {
    return advise(fail(Code::usage, "show lists all settings"), "one of them: trxtool nvram get");
  }
  if (options.action != "show" && options.settings.empty()) {
    return fail(Code::usage, "no setting is named");
  }
  if (!changes && (options.target.in_place || !options.target.output.empty())) {
    return fail(Code::usage, "{} writes nothing", options.action);
  }
  if (changes && options.defaults) {
    return advise(fail(Code::refused, "the boot loader's defaults are part of its code"),
                  "change the nvram of the chip: it takes precedence");
  }
  return {};
}

Result<int> run_nvram(const NvramOptions& options, const Env& env, cli::Report& report) {
  TRY(check(options));
  if (options.action == "show") return show(options, env, report);
  if (options.action == "get") return get(options, env, report);
  return change(options, env, report);
}

}  // namespace

void add_nvram(cli::Program& program) {
  auto options = std::make_shared<NvramOptions>();
  program.verb("nvram", "show or change the boot loader's settings in a dump of nvram or chip")
      .choice("action", options->action, {"show", "get", "set", "unset"}, "what to do")
      .text("file", options->file, "the dump; - is standard input", cli::Verb::required)
      .list("settings", options->settings, "names for get and unset, NAME=VALUE for set")
      .text("--board", options->board, "show: the router whose nvram it should be")
      .flag("--secrets", options->secrets, "show: values that look secret as well")
      .flag("--defaults", options->defaults, "show, get: the defaults inside the boot loader")
      .text("-o,--output", options->target.output, "the changed dump; - is standard output")
      .flag("--in-place", options->target.in_place, "change the dump itself")
      .action([options](const Env& env, cli::Report& report) {
        return run_nvram(*options, env, report);
      });
}

}  // namespace trxkit
