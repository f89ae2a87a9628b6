// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// mkbootusb check: every reason a host can find why a kernel would not start, or not do its work.
#include <memory>

#include "lib/boot/kernel_check.h"
#include "lib/core/units.h"
#include "lib/kernel/describe.h"

#include "mkbootusb/commands.h"

namespace trxkit {
namespace {

struct CheckOptions {
  std::string board;
  std::string role = "stick";
  boot::KernelCheckRequest request;
};

void report_kernel(const boot::KernelCheckResult& result, int status, cli::Report& report) {
  if (result.facts) {
    report.result("kernel", kernel::describe(*result.elf, *result.facts));
    for (const std::string& line : kernel::describe_lines(*result.elf, *result.facts)) {
      report.say(line);
    }
  }
  if (!result.load_order.empty()) {
    Json names = Json::array();
    for (const std::string& name : result.load_order) names.push(name);
    report.result("modules", std::move(names));
    report.say(fmt::format("  {:<14}{}", "modules", fmt::join(result.load_order, " ")));
  }
  std::size_t errors = result.findings.count(Severity::error);
  std::size_t warnings = result.findings.count(Severity::warning);
  report.result("ok", status == 0);
  report.say(fmt::format("{}: {} error{}, {} warning{}", status == 0 ? "sound" : "not sound",
                         errors, plural(errors), warnings, plural(warnings)));
}

Result<int> run_check(const CheckOptions& options, const Env& env, cli::Report& report) {
  boot::KernelCheckRequest request = options.request;
  request.board = TRY(board::load_board(options.board, env));
  request.role = options.role == "flash" ? kernel::Role::flash : kernel::Role::stick;
  auto result = TRY(boot::check_kernel_file(request, env));
  report.say(fmt::format("{}: as the kernel {} of {}", request.kernel,
                         options.role == "flash" ? "in the flash" : "on the stick",
                         request.board.model));
  report.result("board", request.board.name);
  report.result("role", options.role);
  int status = report.findings(result.findings);
  report_kernel(result, status, report);
  return status;
}

}  // namespace

void add_check(cli::Program& program) {
  auto options = std::make_shared<CheckOptions>();
  program.verb("check", "judge a kernel before the router does")
      .text("--kernel", options->request.kernel,
            "the kernel: vmlinux, compressed or not; - is "
            "standard input",
            cli::Verb::required)
      .text("--board", options->board, "board name, or a board file", cli::Verb::required)
      .choice("--role", options->role, {"stick", "flash"}, "where it will be started from")
      .text("--rootfs", options->request.rootfs, "the root that it will run: tar, folder, squashfs")
      .list("--modules", options->request.modules,
            "its modules: folder lib/modules/VERSION, .ko file or package; repeatable")
      .choice("--boot-fs", options->request.boot_filesystem, {"fat32", "ext4"},
              "file system of the stick")
      .choice("--table", options->request.partition_table, {"mbr", "gpt", "none"},
              "partition table of the stick")
      .action([options](const Env& env, cli::Report& report) {
        return run_check(*options, env, report);
      });
}

}  // namespace trxkit
