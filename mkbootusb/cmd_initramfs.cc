// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include <memory>

#include "lib/boot/initramfs.h"
#include "lib/core/units.h"

#include "mkbootusb/commands.h"
#include "mkbootusb/start_options.h"

namespace trxkit {
namespace {

struct InitramfsOptions {
  std::string board;
  std::string compression = "none";
  std::string output;
  StartOptions start;
  boot::InitramfsFileRequest request;
};

kernel::Packing packing_named(const std::string& name) {
  for (kernel::Packing packing :
       {kernel::Packing::gzip, kernel::Packing::xz, kernel::Packing::lzma}) {
    if (name == kernel::name_of(packing)) return packing;
  }
  return kernel::Packing::none;
}

Result<int> run_initramfs(const InitramfsOptions& options, const Env& env, cli::Report& report) {
  TRY(report.leave_standard_output_to(options.output));
  boot::InitramfsFileRequest request = options.request;
  request.board = TRY(board::load_board(options.board, env));
  request.entry.start = options.start.start();
  request.additions = TRY(options.start.additions());
  request.packing = packing_named(options.compression);
  auto result = TRY(boot::write_initramfs_file(request, options.output, env));
  int status = report.findings(result.findings);
  report.say(fmt::format("{} ({}): initramfs of the boot entry \"{}\"", options.output,
                         human_size(result.size), result.entry.name));
  report.say(fmt::format("  medium  {}", result.entry.medium));
  report.say(fmt::format("  root    {}", result.entry.root));
  report.say(
      "next: build it into the kernel with CONFIG_INITRAMFS_SOURCE (OpenWrt: EXTERNAL_CPIO)");
  report.say(
      fmt::format("      and a CONFIG_CMDLINE that has mem={}M", *request.board.ram_size >> 20));
  report.result("manifest", result.manifest.json());
  report.result("output", options.output);
  report.result("size", result.size);
  report.result("medium", result.entry.medium);
  report.result("root", result.entry.root);
  return status;
}

}  // namespace

void add_initramfs(cli::Program& program) {
  auto options = std::make_shared<InitramfsOptions>();
  boot::InitramfsFileRequest& request = options->request;
  request.entry.name = "default";
  cli::Verb& verb =
      program.verb("initramfs", "make the initramfs alone, to be built into a kernel");
  options->start.declare(verb);
  verb.text("--board", options->board, "board name, or a board file", cli::Verb::required)
      .text("--busybox", request.busybox, "static busybox of the router's processor",
            cli::Verb::required)
      .list("--modules", request.modules,
            "the kernel's modules, of which those go in that board and root need: folder "
            "lib/modules/VERSION, .ko file or package; repeatable")
      .text("--medium", request.entry.medium,
            "boot partition: its UUID, label:L (default label:USBBOOT), or none")
      .text("--root", request.entry.root,
            "root: image:PATH or tmpfs:PATH on it, label:L or uuid:U, nbd:HOST[:PORT]/EXPORT, "
            "nfs:HOST:/PATH (default image:boot/NAME/root.img)")
      .text("--entry-name", request.entry.name, "name of the boot entry (default \"default\")")
      .text("--title", request.entry.title, "what the router's console calls the entry")
      .choice("--compression", options->compression, {"none", "gzip", "xz", "lzma"},
              "none: the kernel's build packs it itself")
      .text("-o,--output", options->output, "the cpio; OUTPUT.manifest.json goes beside it",
            cli::Verb::required)
      .action([options](const Env& env, cli::Report& report) {
        return run_initramfs(*options, env, report);
      });
}

}  // namespace trxkit
