// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// trxtool pack: a kernel, a root file system and other parts into one image.
#include <filesystem>

#include "lib/core/units.h"
#include "lib/firmware/pack.h"

#include "trxtool/commands.h"
#include "trxtool/options.h"

namespace trxkit {
namespace {

using firmware::PackStep;

struct PackOptions {
  std::string board;
  std::string magic;
  std::string kernel;
  std::string rootfs;
  std::string loader = "auto";
  std::string cfe;
  std::string output;
  std::optional<std::uint64_t> erase_size;
  std::vector<cli::OrderedOption> steps;
};

Result<PackStep> parse_step(const cli::OrderedOption& option) {
  if (option.name == "--part") return PackStep{PackStep::Kind::part, option.value, 0};
  if (option.name == "--append") return PackStep{PackStep::Kind::append, option.value, 0};
  auto kind = option.name == "--align" ? PackStep::Kind::align : PackStep::Kind::offset;
  return PackStep{kind, {}, TRY(parse_size(option.value))};
}

Status check_options(const PackOptions& options) {
  if (options.board.empty() == options.magic.empty()) {
    return advise(fail(Code::usage, "an image is packed for a board or with a magic"),
                  "give either --board or --magic");
  }
  return {};
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

void present(const firmware::PackReport& packed, const std::string& output, cli::Report& report) {
  report.result("image", describe(packed.analysis));
  if (packed.manifest) report.result("manifest", packed.manifest->json());
  // With "-" the image itself takes standard output.
  if (output == "-") return;
  for (const std::string& line : describe_lines(packed.analysis)) report.say(line);
  say_ratio(packed, report);
}

Result<int> run_pack(const PackOptions& options, const Env& env, cli::Report& report) {
  TRY(check_standard_output(options.output, report.json_wanted()));
  TRY(check_options(options));
  auto board = TRY(optional_board(options.board, env));
  firmware::PackRequest request;
  request.board = pointer_to(board);
  if (!board) request.magic = TRY(parse_magic(options.magic));
  request.kernel = options.kernel;
  request.loader = TRY(loader_file(options, request.board, env));
  request.rootfs = options.rootfs;
  request.cfe = options.cfe;
  request.erase_size = options.erase_size;
  request.output = options.output;
  for (const cli::OrderedOption& step : options.steps) {
    request.steps.push_back(TRY(parse_step(step)));
  }
  auto packed = TRY(firmware::pack(request, env));
  if (!packed.analysis.payloads.empty()) present(packed, options.output, report);
  int status = report.findings(packed.findings);
  if (!packed.refusal) return status;
  report.note("nothing was written");
  return cli::exit_status(*packed.refusal);
}

}  // namespace

void add_pack(cli::Program& program) {
  auto options = std::make_shared<PackOptions>();
  program.verb("pack", "make an image of a kernel, a root file system and other parts")
      .text("--board", options->board, "the router that it is for")
      .text("--magic", options->magic, "the header's first word, without a board")
      .text("--kernel", options->kernel, "kernel ELF file (vmlinux)")
      .text("--rootfs", options->rootfs, "squashfs for the last part")
      .text("--loader", options->loader,
            "auto (trxkit's own where the board wants it), none, or a file")
      .ordered({{"--part", "a file as the next part"},
                {"--append", "a file behind the last part, into it"},
                {"--align", "start the next part at a multiple of this size"},
                {"--offset", "start the next part at this offset from the header"}},
               options->steps)
      .size("--erase-size", options->erase_size, "erase block of this router's flash")
      .text("--cfe", options->cfe, "dump of this router's boot loader or whole flash")
      .text("-o,--output", options->output, "the image; - is standard output", cli::Verb::required)
      .action([options](const Env& env, cli::Report& report) {
        return run_pack(*options, env, report);
      });
}

}  // namespace trxkit
