// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "tools/mkflashroot/build.h"

#include <filesystem>

#include "lib/core/units.h"
#include "lib/image/squashfs.h"
#include "lib/rootfs/fallback_root.h"
#include "lib/system/build_output.h"

#include "tools/mkflashroot/network_report.h"
#include "tools/mkflashroot/second_stage.h"

namespace trxkit::mkflashroot {
namespace {

// A root ready to be written: with the search in front or, as `flash` is missing, to fall back to.
struct Root {
  archive::SourcePointer tree = {};
  std::optional<rootfs::FlashRoot> flash = {};
  std::optional<TemporaryDirectory> folder = {};  ///< of what the tree reads when it is written
};

Result<Root> make_root(const Options& options, const Inputs& inputs, const board::Board& board,
                       const Env& env, Findings& findings) {
  Root root;
  if (options.fallback_kernel.empty()) {
    root.flash = TRY(rootfs::flash_root(inputs.request, board, env, findings));
    root.tree = root.flash->tree;
    return root;
  }
  root.folder = TRY(TemporaryDirectory::create(folder_beside(options.output, env)));
  root.tree = TRY(rootfs::fallback_root({.base = inputs.request.base,
                                         .kernel = options.fallback_kernel,
                                         .command_line = options.command_line},
                                        board, root.folder->path(), env, findings));
  return root;
}

Result<BuildManifest> describe(const Options& options, const board::Board& board, const Root& root,
                               const image::SquashfsResult& image, const std::string& written,
                               std::vector<ManifestFile> inputs, const Env& env) {
  BuildManifest manifest =
      TRY(manifest_of(options, board, "rootfs", written, std::move(inputs), env));
  if (root.flash) {
    manifest.contents.push_back({.role = "preinit.00",
                                 .name = "etc/preinit.00",
                                 .sha256 = root.flash->original_sha256,
                                 .size = root.flash->original_size});
    add_trust(options.wrapper, *root.flash, manifest);
  }
  std::size_t space = image.program.find(' ');
  manifest.programs.emplace_back(image.program.substr(0, space),
                                 space == std::string::npos ? "" : image.program.substr(space + 1));
  return manifest;
}

void report_search(const Options& options, const rootfs::FlashRoot& root, cli::Report& report) {
  report.say(fmt::format("  preinit    {}; the original is /etc/preinit.00 ({} bytes)",
                         root.carried_wrapper ? "renewed" : "put in front", root.original_size));
  report_network(options.wrapper, report);
  report.result("carried_wrapper", root.carried_wrapper);
  report.result("preinit_original_sha256", root.original_sha256);
}

void report_result(const Options& options, const board::Board& board, const Root& root,
                   const image::SquashfsResult& image, const BuildManifest& manifest,
                   cli::Report& report) {
  report.say(fmt::format("{}: {} ({} bytes), root for the flash of {}", options.output,
                         human_size(image.size), image.size, board.model));
  if (root.flash) {
    report_search(options, *root.flash, report);
  } else {
    report.say(fmt::format("  kernel     /{}; a second-stage loader (--kexec-loader) starts it",
                           rootfs::kFallbackKernel));
    report.result("fallback_kernel", rootfs::kFallbackKernel);
  }
  report.say(fmt::format("  squashfs   {}, blocks of {}", image.program,
                         human_size(board.squashfs_block_size)));
  if (const auto* firmware = board.partition(board::PartitionRole::firmware)) {
    std::uint64_t room = *firmware->size;
    report.say(fmt::format("  room       {} of {} in the flash are left for the kernel",
                           human_size(room - image.size), human_size(room)));
    report.result("firmware_partition", room);
  }
  report.result("output", options.output);
  report.result("size", image.size);
  report.result("manifest", manifest.json());
}

// What is larger than the partition can never be packed with a kernel.
Status check_size(const Options& options, const board::Board& board, std::uint64_t size) {
  const auto* firmware = board.partition(board::PartitionRole::firmware);
  if (firmware == nullptr || size <= *firmware->size) return {};
  return advise(
      fail_at({options.output, {}}, Code::does_not_fit,
              "the root is {} bytes, {} more than the firmware partition of {} holds", size,
              size - *firmware->size, board.name),
      fmt::format("the kernel needs room besides: of {}, some 2.5 MiB; start from a smaller base",
                  human_size(*firmware->size)));
}

}  // namespace

Result<BuildManifest> manifest_of(const Options& options, const board::Board& board,
                                  const std::string& role, const std::string& written,
                                  std::vector<ManifestFile> inputs, const Env& env) {
  InputFile file = TRY(InputFile::open(written, env));
  BuildManifest manifest;
  manifest.tool = "mkflashroot";
  manifest.version = version();
  manifest.board = board.name;
  manifest.source_date_epoch = env.source_date_epoch;
  manifest.inputs = std::move(inputs);
  manifest.outputs.push_back({.role = role,
                              .name = std::filesystem::path(options.output).filename().string(),
                              .sha256 = hex(TRY(sha256_of(file))),
                              .size = file.size()});
  return manifest;
}

Result<int> build(const Options& options, const Env& env, cli::Report& report) {
  TRY(report.leave_standard_output_to(options.output));
  board::Board board = TRY(board::load_board(options.board, env));
  Findings findings;
  Inputs inputs = TRY(open_inputs(options, board, env, findings));
  if (options.kexec_loader) {
    return build_second_stage(options, std::move(inputs), board, env, findings, report);
  }
  Root root = TRY(make_root(options, inputs, board, env, findings));
  if (!findings.passed(report.strict())) return report.findings(findings);

  TRY(keep_build_inputs(options.output, options.files_read(board)));
  OutputFile output = TRY(OutputFile::create(options.output));
  image::SquashfsOptions how;
  how.backend = options.backend == "mksquashfs" ? image::SquashfsBackend::mksquashfs
                                                : image::SquashfsBackend::tar2sqfs;
  how.block_size = board.squashfs_block_size;
  report.progress("squashfs", 0, 0);
  image::SquashfsResult image = TRY(image::write_squashfs(*root.tree, output, how, env));
  TRY(check_size(options, board, image.size));
  BuildManifest manifest;
  if (output.written_directly()) {
    TRY(output.commit());
  } else {
    manifest = TRY(describe(options, board, root, image, output.temporary_path().string(),
                            std::move(inputs.files), env));
    TRY(commit_build(output, options.output, manifest));
  }
  int status = report.findings(findings);
  report_result(options, board, root, image, manifest, report);
  return status;
}

}  // namespace trxkit::mkflashroot
