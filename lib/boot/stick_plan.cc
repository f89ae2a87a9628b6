// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/boot/stick_plan.h"

#include <algorithm>
#include <filesystem>

#include "lib/archive/source.h"
#include "lib/boot/entry.h"
#include "lib/boot/start.h"
#include "lib/core/units.h"
#include "lib/image/ext4.h"
#include "lib/kernel/check.h"
#include "lib/kernel/facts.h"
#include "lib/rootfs/inputs.h"
#include "lib/rootfs/minimal.h"
#include "lib/rootfs/modules.h"
#include "lib/rootfs/root_programs.h"

namespace trxkit::boot {
namespace {

// mke2fs refuses a journal of more than half of the free blocks (e2fsprogs misc/util.c,
// figure_journal_size).
constexpr std::uint64_t kSmallestRoot = 16 << 20;
constexpr std::uint64_t kLargestFatFile = 0xFFFFFFFF;
constexpr std::uint64_t kLargestExt4 = std::uint64_t{1} << 44;  // with 4 KiB blocks

Result<archive::SourcePointer> root_source(const StickRequest& request, const Env& env) {
  if (!request.rootfs.empty()) return archive::open_source(request.rootfs, env);
  return rootfs::minimal_stick_root(
      {.busybox = request.busybox, .kexec = request.kexec, .hostname = request.board.name}, env);
}

// As the boot entry names it.
std::string root_of(const StickRequest& request) {
  return fmt::format("image:boot/{}/root.img", request.entry_name);
}

Status describe_kernel(const StickRequest& request, StickPlan& plan) {
  // Not by its path, which may be standard input.
  const InputFile& file = plan.kernel.given;
  plan.inputs.push_back({.role = "kernel",
                         .name = std::filesystem::path(request.kernel).filename().string(),
                         .sha256 = hex(TRY(sha256_of(file))),
                         .size = file.size()});
  return {};
}

// The kernel against the board and what it will work with, and the modules against the kernel.
Status judge_kernel(const StickRequest& request, const Env& env, StickPlan& plan,
                    Findings& findings) {
  kernel::Surroundings surroundings{
      .hard_float_root = TRY(rootfs::uses_floating_point(*plan.root)),
      .boot_filesystem = request.filesystem == BootFilesystem::fat32 ? "fat32" : "ext4",
      .partition_table = "mbr",
      .gets_initramfs = true};
  const kernel::KernelElf& elf = plan.kernel.elf;
  Findings judged = kernel::check_packing(plan.kernel);
  judged.append(kernel::check_layout(elf, request.board, kernel::Role::stick));
  if (!judged.passed()) return std::unexpected(as_error(judged, Code::bad_input));
  auto facts = TRY(kernel::read_facts(plan.kernel.file(), elf, request.board.kernel.machine));
  judged.append(kernel::check_facts(elf, facts, request.board, kernel::Role::stick, surroundings));
  if (!request.modules.empty()) {
    auto set = TRY(kernel::ModuleSet::open(request.modules, env, judged));
    auto wanted = rootfs::modules_to_load(request.board.modules, root_of(request));
    plan.modules = TRY(kernel::plan_modules(set, wanted, &facts, judged));
  }
  if (!judged.passed()) return std::unexpected(as_error(judged, Code::bad_input));
  findings.append(std::move(judged));
  return {};
}

Status open_programs(const StickRequest& request, const Env& env, StickPlan& plan) {
  plan.inputs.push_back(TRY(rootfs::describe_file("busybox", request.busybox, env)));
  bool in_root = request.rootfs.empty() && !request.kexec.empty();
  if (in_root) plan.inputs.push_back(TRY(rootfs::describe_file("kexec", request.kexec, env)));
  for (const std::string& path : request.modules) {
    plan.inputs.push_back(TRY(rootfs::describe_modules(path, env)));
  }
  for (const ManifestFile& file : TRY(describe_additions(request.additions, env))) {
    plan.inputs.push_back(file);
  }
  return {};
}

Status open_root(const StickRequest& request, const Env& env, StickPlan& plan, Findings& findings) {
  archive::SourcePointer source = TRY(root_source(request, env));
  plan.root = TRY(archive::merge({source}, {.latest_time = env.source_date_epoch}, findings));
  plan.root_summary = TRY(archive::summarise(*plan.root));
  plan.root_size = TRY(root_image_size(request, plan.root_summary));
  if (request.rootfs.empty()) return {};  // made of the programs
  plan.inputs.push_back(TRY(rootfs::describe_input("rootfs", request.rootfs, *plan.root, env)));
  return {};
}

StickIds ids_of(const StickRequest& request, const StickPlan& plan, const Env& env) {
  IdSeed seed;
  seed.add("version", version());
  seed.add("epoch", std::to_string(env.source_date_epoch));
  seed.add("board", request.board.name);
  for (const ManifestFile& input : plan.inputs) seed.add(input.role, input.sha256);
  seed.add("command line", plan.command_line);
  seed.add("entry", request.entry_name);
  seed.add("title", request.title);
  seed.add("free", std::to_string(request.free_bytes));
  seed.add("start", rootfs::entry_text({.start = request.start}, {}));
  seed.add("filesystem", request.filesystem == BootFilesystem::fat32 ? "fat32" : "ext4");
  return seed.ids();
}

rootfs::BootEntry entry_of(const StickRequest& request, const StickIds& ids) {
  rootfs::BootEntry entry;
  entry.name = request.entry_name;
  entry.title = request.title.empty() ? request.entry_name : request.title;
  entry.medium =
      request.filesystem == BootFilesystem::fat32 ? volume_name(ids.volume_id) : ids.boot_uuid;
  entry.root = root_of(request);
  entry.start = request.start;
  return entry;
}

}  // namespace

Result<std::uint64_t> root_image_size(const StickRequest& request,
                                      const archive::MergeSummary& files) {
  bool fat = request.filesystem == BootFilesystem::fat32;
  std::uint64_t limit = fat ? kLargestFatFile : kLargestExt4;
  std::uint64_t size = limit + 1;
  if (request.free_bytes <= limit && files.content_bytes <= limit) {
    std::uint64_t room = request.free_bytes + kRootJournalBlocks * std::uint64_t{4096};
    size = std::max(kSmallestRoot, image::ext4_size_for(files.content_bytes, files.paths, room));
  }
  if (size <= limit) return size;
  return advise(fail(Code::does_not_fit,
                     "a root image of {} in files and {} of free room is too large for {}, by {} "
                     "bytes or more",
                     human_size(files.content_bytes), human_size(request.free_bytes),
                     fat ? "a file on FAT32" : "ext4", size - limit),
                fat ? "--boot-fs ext4, or less --free" : "less --free");
}

std::string complete_command_line(const StickRequest& request) {
  std::string line =
      request.command_line.empty() ? request.board.kernel.command_line : request.command_line;
  auto has = [&line](std::string_view key) {
    return fmt::format(" {}", line).contains(fmt::format(" {}=", key));
  };
  std::uint64_t ram = *request.board.ram_size;
  std::string added;
  if (!has("mem")) {
    added = ram % (1 << 20) == 0 ? fmt::format("mem={}M", ram >> 20) : fmt::format("mem={}", ram);
  }
  if (!has("panic")) added += added.empty() ? "panic=10" : " panic=10";
  if (added.empty() || line.empty()) return added + line;
  return fmt::format("{} {}", added, line);
}

Result<StickPlan> plan_stick(const StickRequest& request, const Env& env, const Progress& progress,
                             Findings& findings) {
  TRY(check_entry_name(request.entry_name));
  TRY(check_entry_value("the title", request.title));
  TRY(check_start(request.start));
  progress("reading the inputs", 0, 0);
  StickPlan plan{.kernel = TRY(kernel::open_kernel(request.kernel, env))};
  TRY(describe_kernel(request, plan));
  TRY(open_programs(request, env, plan));
  TRY(open_root(request, env, plan, findings));
  TRY(judge_kernel(request, env, plan, findings));
  plan.command_line = complete_command_line(request);
  plan.ids = ids_of(request, plan, env);
  plan.entry = entry_of(request, plan.ids);
  return plan;
}

}  // namespace trxkit::boot
