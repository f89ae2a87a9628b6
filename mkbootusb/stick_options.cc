// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "mkbootusb/stick_options.h"

#include "lib/core/units.h"

namespace trxkit {

void StickOptions::declare(cli::Verb& verb) {
  verb.text("--board", board, "board name, or a board file", cli::Verb::required)
      .text("--kernel", request.kernel, "stick kernel: a vmlinux, best with its symbols",
            cli::Verb::required)
      .text("--rootfs", rootfs, "root: tar, folder, squashfs, cpio")
      .flag("--minimal", minimal, "instead of --rootfs: a small root of busybox alone")
      .text("--busybox", request.busybox, "static busybox of the router's processor",
            cli::Verb::required)
      .text("--kexec", request.kexec, "static kexec, for --minimal")
      .list(
          "--modules", request.modules,
          "the kernel's modules, of which those go into the initramfs that the board and the root "
          "need: folder lib/modules/VERSION, .ko file or package; repeatable")
      .text("--cmdline", request.command_line, "kernel command line (default: the board's)")
      .size("--free", free, "room left in the root image (default 32M)")
      .choice("--boot-fs", boot_filesystem, {"fat32", "ext4"}, "file system of the boot partition")
      .text("--entry-name", request.entry_name, "name of the boot entry (default \"default\")")
      .text("--title", request.title, "what the router's console calls the entry");
  start.declare(verb);
}

Result<boot::StickRequest> StickOptions::complete(const Env& env) const {
  if (rootfs.empty() && !minimal) {
    return advise(fail(Code::usage, "no root given"),
                  "--rootfs FILE, or --minimal for a small root of busybox alone");
  }
  if (!rootfs.empty() && minimal) {
    return fail(Code::usage, "--rootfs and --minimal exclude each other");
  }
  boot::StickRequest complete = request;
  complete.board = TRY(board::load_board(board, env));
  complete.rootfs = rootfs;
  complete.free_bytes = free.value_or(complete.free_bytes);
  complete.start = start.start();
  complete.additions = TRY(start.additions());
  complete.filesystem =
      boot_filesystem == "fat32" ? boot::BootFilesystem::fat32 : boot::BootFilesystem::ext4;
  return complete;
}

void report_stick(const boot::StickResult& result, const boot::StickRequest& request,
                  const std::string& output, cli::Report& report) {
  std::string size =
      result.image_size == 0 ? "" : fmt::format(" ({})", human_size(result.image_size));
  report.say(fmt::format("{}{}: boots {} from USB", output, size, request.board.model));
  report.say(fmt::format("  boot partition  USBBOOT, {}, id {}",
                         request.filesystem == boot::BootFilesystem::fat32 ? "FAT32" : "ext4",
                         result.medium));
  report.say(fmt::format("  entry           {}", request.entry_name));
  report.say(fmt::format("  kernel          {}, initramfs of {} inside: {}",
                         human_size(result.kernel_size), human_size(result.initramfs_size),
                         result.embedding));
  report.say(fmt::format("  command line    {}", result.command_line));
  report.say(fmt::format("  root            USBROOT, {} of files in an ext4 image of {}",
                         human_size(result.root_content), human_size(result.root_size)));
  Json json = result.manifest.json();
  report.result("manifest", std::move(json));
  report.result("output", output);
  report.result("image_size", result.image_size);
  report.result("root_size", result.root_size);
  report.result("medium", result.medium);
  report.result("root_uuid", result.root_uuid);
  report.result("command_line", result.command_line);
  report.result("embedding", result.embedding);
}

boot::Progress progress_of(cli::Report& report) {
  return [&report](std::string_view step, std::uint64_t done, std::uint64_t total) {
    report.progress(step, done, total);
  };
}

}  // namespace trxkit
