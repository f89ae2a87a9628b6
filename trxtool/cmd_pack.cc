// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// trxtool pack: a kernel, a root file system and other parts into one image.
#include <filesystem>

#include "lib/core/units.h"
#include "lib/firmware/flash_layout.h"
#include "lib/firmware/flash_map.h"
#include "lib/firmware/pack.h"

#include "trxtool/commands.h"
#include "trxtool/options.h"

namespace trxkit {
namespace {

struct PackOptions {
  std::string board;
  std::string kernel;
  std::string rootfs;
  std::string loader = "auto";
  bool loader_zero = false;
  std::string recipe;
  std::string cfe;
  std::string output;
  bool dry_run = false;
  std::optional<std::uint64_t> erase_size;
  firmware::PackLimits limits;
  std::vector<cli::OrderedOption> composition;
};

Status check_options(const PackOptions& options) {
  if (options.output.empty() && !options.dry_run) {
    return advise(fail(Code::usage, "--output is required"), "or have it judged with --dry-run");
  }
  if (options.recipe.empty()) return {};
  bool composed =
      !options.kernel.empty() || !options.rootfs.empty() || !options.composition.empty();
  if (!composed) return {};
  return advise(fail(Code::usage, "a recipe says by itself what the image consists of"),
                "give it alone, or with --board to have the image judged for a router");
}

Result<std::optional<board::Board>> chosen_board(const PackOptions& options, const Env& env) {
  auto board = TRY(optional_board(options.board, env));
  if (!options.erase_size) return board;
  if (!board) return fail(Code::usage, "an erase size says something only about a board's flash");
  TRY(firmware::assume_erase_size(*board, *options.erase_size));
  return board;
}

// The file that --loader means; empty: none.
Result<std::string> loader_file(const PackOptions& options, const board::Board* board,
                                const Env& env) {
  if (options.loader == "none") return std::string();
  if (options.loader != "auto") return options.loader;
  if (board == nullptr || options.kernel.empty() || !board->loader.use) return std::string();
  std::error_code ignored;
  if (std::filesystem::exists(env.loader, ignored)) return env.loader.string();
  return advise(
      fail_at({env.loader.string(), {}}, Code::external_tool,
              "is missing, but {} needs trxkit's loader in front of its kernel", board->name),
      "tools/build-loader makes one and prints where it is: give that with --loader FILE or in "
      "TRXKIT_LOADER, or take --loader none if the boot loader can start this kernel itself");
}

void say_ratio(const firmware::PackReport& packed, cli::Report& report) {
  if (packed.kernel_size == 0 || packed.analysis.payloads.empty()) return;
  std::uint64_t size = packed.analysis.payloads.front().unpacked
                           ? packed.analysis.payloads.front().unpacked->packed_size
                           : packed.kernel_size;
  double percent = 100.0 * static_cast<double>(size) / static_cast<double>(packed.kernel_size);
  report.say(fmt::format("kernel  {} packed into {} ({:.1f} %)", human_size(packed.kernel_size),
                         human_size(size), percent));
}

void say_map(const firmware::PackReport& packed, const board::Board& board, cli::Report& report) {
  firmware::FlashMap map{.title = board.model,
                         .subtitle = packed.layout.file,
                         .plan = firmware::plan_flash(board, &packed.layout),
                         .views = {}};
  report.result("flash", firmware::describe(map.plan));
  for (const std::string& line : firmware::draw_text(map)) report.say(line);
}

void present(const firmware::PackReport& packed, const firmware::PackRequest& request,
             cli::Report& report) {
  report.result("image", describe(packed.analysis));
  if (packed.manifest) report.result("manifest", packed.manifest->json());
  for (const std::string& line : describe_lines(packed.analysis)) report.say(line);
  say_ratio(packed, report);
  if (request.board != nullptr) say_map(packed, *request.board, report);
}

Result<firmware::Recipe> recipe_of(const PackOptions& options, const Env& env) {
  if (!options.recipe.empty()) return firmware::read_recipe(options.recipe, env);
  firmware::Recipe recipe;
  for (const cli::OrderedOption& option : options.composition) {
    TRY(recipe.apply(option.name, option.value));
  }
  return recipe;
}

Result<int> run_pack(const PackOptions& options, const Env& env, cli::Report& report) {
  TRY(check_options(options));
  TRY(report.leave_standard_output_to(options.output));
  auto board = TRY(chosen_board(options, env));
  firmware::PackRequest request;
  request.board = pointer_to(board);
  request.kernel = options.kernel;
  request.loader = TRY(loader_file(options, request.board, env));
  request.zero_behind_loader = options.loader_zero;
  request.rootfs = options.rootfs;
  request.recipe = TRY(recipe_of(options, env));
  request.cfe = options.cfe;
  request.limits = options.limits;
  request.dry_run = options.dry_run;
  request.output = options.output;
  auto packed = TRY(firmware::pack(request, env));
  if (!packed.analysis.payloads.empty()) present(packed, request, report);
  if (options.dry_run) report.result("dry_run", true);
  int status = report.findings(packed.findings);
  if (packed.refusal || options.dry_run) report.note("nothing was written");
  return packed.refusal ? cli::exit_status(*packed.refusal) : status;
}

}  // namespace

void add_pack(cli::Program& program) {
  std::vector<std::pair<std::string, std::string>> composition;
  for (const firmware::RecipeOption& option : firmware::recipe_options()) {
    composition.emplace_back(option.name, option.help);
  }
  auto options = std::make_shared<PackOptions>();
  program.verb("pack", "make an image of a kernel, a root file system and other parts")
      .text("--board", options->board, "the router that it is for")
      .text("--kernel", options->kernel,
            "kernel: an ELF file (vmlinux) or raw binary, as it is or packed (gzip, LZMA)")
      .text("--rootfs", options->rootfs, "squashfs for the last part")
      .text("--loader", options->loader,
            "auto (trxkit's own where the board wants it), none, or a file")
      .flag("--loader-zero", options->loader_zero,
            "a zero byte behind a loader of others, as OpenWrt has it")
      .ordered(composition, options->composition)
      .text("--recipe", options->recipe,
            "such options from a file, one a line, as extract writes it")
      .size("--erase-size", options->erase_size, "erase block of this router's flash")
      .size("--maximum", options->limits.maximum, "the largest size that the image may have")
      .size("--reserve", options->limits.reserve,
            "what has to stay free in the flash behind the image")
      .text("--cfe", options->cfe, "dump of this router's boot loader or whole flash")
      .flag("--dry-run", options->dry_run, "judge and report everything, write nothing")
      .text("-o,--output", options->output, "the image; - is standard output")
      .action([options](const Env& env, cli::Report& report) {
        return run_pack(*options, env, report);
      });
}

}  // namespace trxkit
