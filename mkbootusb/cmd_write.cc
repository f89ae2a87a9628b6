// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// mkbootusb write: shows what would be overwritten; overwrites it when told to, and by whom it is.
#include <memory>

#include "lib/boot/write_stick.h"
#include "lib/boot/write_target.h"
#include "lib/cli/ask.h"
#include "lib/core/units.h"

#include "mkbootusb/commands.h"

namespace trxkit {
namespace {

struct WriteOptions {
  boot::WriteRequest request;
  bool write = false;
  bool no_verify = false;
  bool no_discard = false;
  bool no_grow = false;
  std::string meant;
};

Json describe_contents(const std::vector<image::DiskContent>& contents) {
  Json list = Json::array();
  for (const image::DiskContent& content : contents) {
    Json item = Json::object({{"offset", content.offset}, {"size", content.size}});
    if (!content.type.empty()) item.set("type", content.type);
    if (!content.label.empty()) item.set("label", content.label);
    list.push(std::move(item));
  }
  return list;
}

void report_growth(const image::DiskGrowth& growth, const std::string& label, cli::Report& report) {
  if (!growth.partition) return;
  const image::FoundPartition& partition = *growth.partition;
  report.say(fmt::format("partition {} ({}) grows to the end of the disk, from {} to {}",
                         partition.number, label, human_size(partition.size),
                         human_size(growth.size)));
  report.result("grows", Json::object({{"partition", partition.number},
                                       {"from", partition.size},
                                       {"to", growth.size}}));
}

void report_plan(const boot::WritePlan& plan, const std::string& label, cli::Report& report) {
  const DeviceFacts& target = plan.target;
  report.say(fmt::format("{}: {}", target.path, boot::describe(target)));
  for (const image::DiskContent& content : plan.contents) {
    report.say(fmt::format("  holds  {:<6} {:>12} at {:#x} {}",
                           content.type.empty() ? "?" : content.type, human_size(content.size),
                           content.offset, content.label));
  }
  report.say(fmt::format("{}: {}, of which {} are written", plan.image.name(),
                         human_size(plan.image.size()),
                         human_size(image::bytes_of(plan.blocks.ranges))));
  if (!plan.block_map.empty()) {
    report.say(fmt::format("{}: belongs to the image, every hash is right", plan.block_map));
  }
  report.result("target", Json::object({{"path", target.path},
                                        {"model", target.model},
                                        {"serial", target.serial},
                                        {"size", target.size},
                                        {"contents", describe_contents(plan.contents)}}));
  report.result("image_size", plan.image.size());
  report.result("mapped", image::bytes_of(plan.blocks.ranges));
  if (!plan.block_map.empty()) report.result("block_map", plan.block_map);
  if (plan.growth) report_growth(*plan.growth, label, report);
}

// "Too small" is no danger; everything else is.
int refusal_status(const Findings& findings) {
  bool only_size = findings.count(Severity::error) == 1 && findings.has("DEV007");
  return cli::exit_status(only_size ? Code::does_not_fit : Code::refused);
}

// A file is overwritten like any output; a disk by whoever knows its name.
Status confirm(const WriteOptions& options, const DeviceFacts& target, bool json, const Env& env) {
  if (!options.meant.empty()) return boot::confirm_target(target, options.meant);
  if (target.regular_file) return {};
  std::string name = boot::name_to_confirm(target);
  std::string hint = fmt::format("--yes-i-mean \"{}\"", name);
  if (json) return advise(fail(Code::usage, "with --json nobody is asked"), hint);
  std::string question = fmt::format("all of it will be lost. To go on, type \"{}\"", name);
  return boot::confirm_target(target, TRY(cli::ask(question, hint, env)));
}

void report_written(const boot::BlockWriteResult& result, const boot::WritePlan& plan,
                    cli::Report& report) {
  report.result("written", result.written);
  report.result("compared", result.compared);
  report.result("discarded", result.discarded);
  const std::string& path = plan.target.path;
  if (result.written == 0) {
    report.say(fmt::format("{}: holds all of it already", path));
    return;
  }
  report.say(fmt::format("{}: {} written, {}", path, human_size(result.written),
                         result.compared > 0 ? "read back and equal" : "not read back"));
}

Result<int> run_write(const WriteOptions& options, const Env& env, cli::Report& report) {
  if (!options.meant.empty() && !options.write) {
    return advise(fail(Code::usage, "--yes-i-mean without --write"), "add --write");
  }
  boot::WriteRequest request = options.request;
  request.options.verify = !options.no_verify;
  request.options.discard = !options.no_discard;
  if (options.no_grow) request.grow.clear();
  auto plan = TRY(boot::plan_write(request, env));
  report_plan(plan, request.grow, report);
  int status = report.findings(plan.findings);
  report.result("done", false);
  if (status != 0 || !options.write) {
    report.note(options.write || status != 0 ? "nothing written"
                                             : "nothing written; with --write it will be");
    return status == 0 ? 0 : refusal_status(plan.findings);
  }
  TRY(confirm(options, plan.target, report.json_wanted(), env));
  auto progress = [&report](std::string_view step, std::uint64_t done, std::uint64_t total) {
    report.progress(step, done, total);
  };
  report_written(TRY(boot::write_stick(plan, request, env, progress)), plan, report);
  report.result("done", true);
  return 0;
}

}  // namespace

void add_write(cli::Program& program) {
  auto options = std::make_shared<WriteOptions>();
  boot::WriteRequest& request = options->request;
  program.verb("write", "write a stick image to a stick")
      .text("image", request.image, "stick image", cli::Verb::required)
      .text("device", request.target, "the stick, /dev/sdX; or a file that is there already",
            cli::Verb::required)
      .flag("--write", options->write, "do it; without this, show what would be done")
      .text("--yes-i-mean", options->meant, "serial number or model of the stick: nobody is asked")
      .flag("--allow-fixed", request.allow_fixed, "let it be a disk that is built in")
      .flag("--minimize", request.options.minimize, "compare first, write only what differs")
      .flag("--no-verify", options->no_verify, "do not read back what was written")
      .text("--grow", request.grow,
            "label of the last partition, which grows to the end of the stick (default USBDATA)")
      .text("--board", request.board,
            "the router that has to check what grows (default: the one that the image names)")
      .flag("--no-grow", options->no_grow, "write every partition as large as it is in the image")
      .flag("--no-discard", options->no_discard, "do not tell the stick to forget the rest")
      .action([options](const Env& env, cli::Report& report) {
        return run_write(*options, env, report);
      });
}

}  // namespace trxkit
