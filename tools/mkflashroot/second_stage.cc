// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "tools/mkflashroot/second_stage.h"

#include "lib/core/units.h"
#include "lib/rootfs/second_stage.h"
#include "lib/system/build_output.h"

#include "tools/mkflashroot/build.h"
#include "tools/mkflashroot/network_report.h"

namespace trxkit::mkflashroot {
namespace {

void report_result(const Options& options, const board::Board& board,
                   const kernel::EmbedResult& embedded, std::uint64_t size,
                   const BuildManifest& manifest, cli::Report& report) {
  report.say(fmt::format("{}: {} ({} bytes), second-stage loader for the flash of {}",
                         options.output, human_size(size), size, board.model));
  report.say(
      fmt::format("  initramfs  {}, {}", human_size(embedded.initramfs_size), embedded.report));
  report_network(options.wrapper, report);
  report.say(
      "  fallback   a rescue shell; or a root made with --fallback-kernel, if the image has one");
  report.say(fmt::format("next: trxtool pack --board {} --kernel {} [--rootfs FALLBACK] -o IMAGE",
                         board.name, options.output));
  report.result("output", options.output);
  report.result("size", size);
  report.result("command_line", embedded.command_line);
  report.result("initramfs_size", embedded.initramfs_size);
  report.result("manifest", manifest.json());
}

}  // namespace

Result<int> build_second_stage(const Options& options, Inputs inputs, const board::Board& board,
                               const Env& env, Findings& findings, cli::Report& report) {
  rootfs::FlashRoot root = TRY(rootfs::flash_root(inputs.request, board, env, findings));
  if (!findings.passed(report.strict())) return report.findings(findings);

  TRY(keep_build_inputs(options.output, options.files_read(board)));
  OutputFile output = TRY(OutputFile::create(options.output));
  kernel::EmbedResult embedded = TRY(rootfs::write_second_stage(
      {.tree = root.tree.get(), .kernel = options.kernel, .command_line = options.command_line},
      board, output, env));
  std::uint64_t size = output.position();
  findings.append(embedded.findings);
  BuildManifest manifest;
  if (output.written_directly()) {
    TRY(output.commit());
  } else {
    manifest = TRY(manifest_of(options, board, "kernel", output.temporary_path().string(),
                               std::move(inputs.files), env));
    add_trust(options.wrapper, root, manifest);
    TRY(commit_build(output, options.output, manifest));
  }
  int status = report.findings(findings);
  report_result(options, board, embedded, size, manifest, report);
  return status;
}

}  // namespace trxkit::mkflashroot
