// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// mkbootusb check: every reason a host can find why a kernel would not start, or not do its work;
// or all that is wrong with a finished stick.
#include <memory>

#include "lib/boot/kernel_check.h"
#include "lib/core/units.h"
#include "lib/kernel/describe.h"
#include "lib/kernel/kexec_plan.h"

#include "mkbootusb/check_cfe.h"
#include "mkbootusb/check_stick.h"
#include "mkbootusb/commands.h"

namespace trxkit {
namespace {

struct CheckOptions {
  std::string path;
  std::string board;
  std::string role = "stick";
  bool cfe = false;
  boot::TrustDemand trust;
  boot::KernelCheckRequest request;
};

void report_lines(const std::vector<std::string>& lines, cli::Report& report) {
  for (const std::string& line : lines) report.say(line);
}

void report_kernel(const boot::KernelCheckResult& result, kernel::Role role, cli::Report& report) {
  if (result.facts) {
    report.result("kernel", kernel::describe(*result.elf, *result.facts));
    report_lines(kernel::describe_lines(*result.elf, *result.facts), report);
  }
  if (result.elf && role == kernel::Role::stick) {
    kernel::KexecPlan plan = kernel::kexec_plan(*result.elf);
    report.result("kexec", kernel::describe(plan));
    report_lines(kernel::describe_lines(plan), report);
  }
  if (result.load_order.empty()) return;
  Json names = Json::array();
  for (const std::string& name : result.load_order) names.push(name);
  report.result("modules", std::move(names));
  report.say(fmt::format("  {:<14}{}", "modules", fmt::join(result.load_order, " ")));
}

Result<int> run_check_kernel(const CheckOptions& options, const Env& env, cli::Report& report) {
  boot::KernelCheckRequest request = options.request;
  if (options.board.empty()) {
    return advise(fail(Code::usage, "no board given"),
                  "--board NAME: what shall the kernel run on");
  }
  request.board = TRY(board::load_board(options.board, env));
  request.role = options.role == "flash" ? kernel::Role::flash : kernel::Role::stick;
  auto result = TRY(boot::check_kernel_file(request, env));
  std::optional<boot::CfePlan> cfe;
  if (options.cfe) cfe = boot::plan_cfe(request.board, request.kernel, result);
  report.say(fmt::format("{}: as the kernel {} of {}", request.kernel,
                         options.role == "flash" ? "in the flash" : "on the stick",
                         request.board.model));
  report.result("board", request.board.name);
  report.result("role", options.role);
  int status = report.findings(result.findings);
  report_kernel(result, request.role, report);
  if (cfe) report_cfe(*cfe, request.board, report);
  say_verdict(result.findings, status, report);
  return status;
}

Result<int> run_check(const CheckOptions& options, const Env& env, cli::Report& report) {
  if (options.path.empty() == options.request.kernel.empty()) {
    return advise(fail(Code::usage, "what shall be checked?"),
                  "a stick, image or folder, or --kernel FILE");
  }
  if (options.cfe && (!options.path.empty() || options.role != "stick")) {
    return advise(fail(Code::usage, "--cfe is about a stick kernel"),
                  "--kernel boot/NAME/vmlinux.elf, without --role flash");
  }
  if (options.path.empty()) return run_check_kernel(options, env, report);
  return check_stick({options.path, options.board, options.trust}, env, report);
}

}  // namespace

void add_check(cli::Program& program) {
  auto options = std::make_shared<CheckOptions>();
  boot::KernelCheckRequest& request = options->request;
  kernel::Surroundings& around = request.around;
  program.verb("check", "judge a kernel or a finished stick before the router does")
      .text("path", options->path,
            "a stick (device or image), a folder that holds boot/, or what a server serves")
      .text("--kernel", request.kernel,
            "instead, a kernel alone: vmlinux, compressed or not; - is standard input")
      .text("--board", options->board,
            "board name, or a board file (of a stick: default what it says itself)")
      .text("--public-key", options->trust.public_key,
            "key that has to have signed the stick's boot.manifest")
      .number("--minimum-build", options->trust.minimum_build, {},
              "oldest build that the router takes")
      .choice("--role", options->role, {"stick", "flash"}, "where the kernel will be started from")
      .flag("--cfe", options->cfe,
            "print the commands that start the kernel from RAM at the boot loader's prompt")
      .text("--rootfs", request.rootfs, "the root that it will run, as --rootfs of image has it")
      .text("--root", around.root,
            "where that root is, as boot entries say it: image:PATH, label:L, uuid:U, "
            "nbd:HOST:PORT/EXPORT, nfs:HOST:/PATH, http:URL, tmpfs:")
      .choice("--root-fs", around.root_filesystem, {"ext4", "squashfs"},
              "file system of the root image or partition")
      .flag("--swap", around.swap, "the stick has a swap partition")
      .list("--modules", request.modules,
            "its modules: folder lib/modules/VERSION, .ko file or package; repeatable")
      .choice("--boot-fs", around.boot_filesystem, {"fat16", "fat32", "ext2", "ext3", "ext4"},
              "file system of the stick")
      .choice("--table", around.partition_table, {"mbr", "gpt", "none"},
              "partition table of the stick")
      .action([options](const Env& env, cli::Report& report) {
        return run_check(*options, env, report);
      });
}

}  // namespace trxkit
