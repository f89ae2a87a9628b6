// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/boot/entry_plan.h"

#include <algorithm>
#include <filesystem>
#include <future>
#include <iterator>

#include "lib/boot/entry.h"
#include "lib/boot/server_names.h"
#include "lib/boot/start.h"
#include "lib/core/units.h"
#include "lib/image/ext4.h"
#include "lib/kernel/check.h"
#include "lib/kernel/command_line.h"
#include "lib/kernel/facts.h"
#include "lib/kernel/root_programs.h"
#include "lib/rootfs/inputs.h"
#include "lib/rootfs/minimal.h"
#include "lib/rootfs/modules.h"
#include "lib/rootfs/root_input.h"
#include "lib/rootfs/wrapper_settings.h"

namespace trxkit::boot {
namespace {

// mke2fs refuses a journal of more than half of the free blocks (e2fsprogs misc/util.c,
// figure_journal_size).
constexpr std::uint64_t kSmallestRoot = 16 << 20;
constexpr std::uint64_t kLargestFatFile = 0xFFFFFFFF;
constexpr std::uint64_t kLargestExt4 = std::uint64_t{1} << 44;  // with 4 KiB blocks

Error cannot(FindingId code, const EntryRequest& entry, std::string_view what,
             std::string_view hint) {
  Findings findings;
  findings.add(code, {}, fmt::format("the boot entry '{}' {}", entry.name, what),
               std::string(hint));
  return as_error(findings, Code::usage);
}

// What the router demands of roots and kernels on servers.
Status check_servers(const EntryRequest& entry, const rootfs::InitramfsAdditions& additions) {
  if (!entry.kernel_source.empty()) TRY(check_kernel_source(entry.kernel_source));
  if (entry.server_root.empty()) return {};
  TRY(check_server_root(entry.server_root));
  if (entry.server_root.starts_with("nbd:") && additions.nbd_client.empty()) {
    return std::unexpected(cannot("NET046", entry, "has its root on an NBD server, and no client",
                                  "--nbd-client FILE; tools/target-programs has one"));
  }
  if (entry.server_root.starts_with("http:") && entry.form() == RootForm::none) {
    return std::unexpected(cannot("NET043", entry, "fetches a root whose hash is not known",
                                  "--rootfs FILE: the root is made for the server, with its hash"));
  }
  return {};
}

Status check_request(const EntryRequest& entry, const rootfs::InitramfsAdditions& additions) {
  TRY(check_entry_name(entry.name));
  TRY(check_entry_value("the title", entry.title));
  TRY(check_start(entry.start));
  TRY(check_servers(entry, additions));
  if (entry.kernel.empty()) {
    return advise(fail(Code::usage, "the boot entry '{}' has no kernel", entry.name),
                  "--kernel FILE for all entries, or kernel=FILE in this one");
  }
  if (entry.rootfs.empty() && !entry.minimal && entry.server_root.empty()) {
    return advise(fail(Code::usage, "the boot entry '{}' has no root", entry.name),
                  "--rootfs FILE, or --minimal for a small root of busybox alone");
  }
  if (entry.resettable && entry.form() != RootForm::image) {
    return fail(Code::usage, "only a root image can be set back to its shipped state");
  }
  if (entry.rootfs.empty() || !entry.minimal) return {};
  return fail(Code::usage, "--rootfs and --minimal exclude each other");
}

// One entry in the making.
class EntryPlanner {
 public:
  EntryPlanner(const StickRequest& request, const EntryRequest& entry, const Env& env,
               Findings& findings)
      : request_(request), entry_(entry), env_(env), findings_(findings) {}

  Result<EntryPlan> plan() {
    EntryPlan plan{.kernel = TRY(kernel::open_kernel(entry_.kernel, env_))};
    plan.entry = boot_entry();
    plan.command_line = kernel::complete_command_line(entry_.command_line, request_.board);
    TRY(describe_inputs(plan));
    TRY(open_root(plan));
    TRY(judge_kernel(plan));
    if (root_input_.valid()) plan.inputs.push_back(TRY(root_input_.get()));
    std::ranges::move(additions_, std::back_inserter(plan.inputs));
    return plan;
  }

 private:
  rootfs::BootEntry boot_entry() const {
    rootfs::BootEntry entry;
    entry.name = entry_.name;
    entry.title = entry_.title.empty() ? entry_.name : entry_.title;
    entry.priority = entry_.priority;
    entry.root = root_of();
    entry.start = entry_.start;
    bool squashfs = entry_.form() == RootForm::squashfs;
    if (squashfs && !entry.start.options.contains("overlay")) entry.start.options = "ro,overlay";
    return entry;
  }

  std::string root_of() const {
    if (!entry_.server_root.empty()) return entry_.server_root;
    if (entry_.form() != RootForm::partition) return "image:" + entry_.root_path();
    return fmt::format("label:{}", kRootLabel);  // until its UUID is known
  }

  Status describe_inputs(EntryPlan& plan) const {
    // The kernel not by its path, which may be standard input.
    const InputFile& file = plan.kernel.given;
    plan.inputs.push_back({.role = "kernel",
                           .name = std::filesystem::path(entry_.kernel).filename().string(),
                           .sha256 = hex(TRY(sha256_of(file))),
                           .size = file.size()});
    for (const std::string& path : entry_.modules) {
      plan.inputs.push_back(TRY(rootfs::describe_modules(path, env_)));
    }
    return {};
  }

  Result<archive::SourcePointer> root_source() const {
    if (!entry_.minimal) return rootfs::open_root(entry_.rootfs, {}, env_);
    return rootfs::minimal_stick_root(
        {.busybox = request_.busybox, .kexec = request_.kexec, .hostname = request_.board.name},
        env_);
  }

  Status open_root(EntryPlan& plan) {
    if (entry_.form() == RootForm::none) return {};
    archive::SourcePointer source = TRY(root_source());
    rootfs::CustomisedRoot given =
        TRY(rootfs::customise(std::move(source), entry_.changes, {}, env_, findings_));
    additions_ = std::move(given.inputs);
    if (!entry_.minimal) {  // else it is made of the programs
      root_input_ = std::async([this, tree = given.tree] {
        return rootfs::describe_input("rootfs", entry_.rootfs, *tree, env_);
      });
    }
    bool chosen = entry_.start.init != rootfs::StartSettings{}.init;
    plan.root = TRY(rootfs::usb_root(given.tree,
                                     {.as_is = entry_.as_is,
                                      .init = chosen ? entry_.start.init : "",
                                      .led = rootfs::automatic_led(request_.board),
                                      .on_server = !entry_.server_root.empty()},
                                     env_, findings_));
    plan.entry.start.init = plan.root.init;
    plan.root_summary = TRY(archive::summarise(*plan.root.tree));
    bool sized = entry_.form() == RootForm::image || entry_.form() == RootForm::partition;
    if (sized) plan.root_size = TRY(root_size(plan.root_summary));
    return {};
  }

  Result<std::uint64_t> root_size(const archive::MergeSummary& files) const {
    bool on_boot = entry_.form() == RootForm::image;
    return root_image_size(on_boot ? request_.layout.filesystem : BootFilesystem::ext4,
                           entry_.free_bytes, files);
  }

  // Without a word about swap, a partition called USBSWAP is used where there is one.
  bool uses_swap() const {
    const std::string& named = entry_.start.swap;
    return named.empty() ? request_.layout.swap_size > 0 : named != "none";
  }

  // The kernel against the board and what it will work with, and the modules against the kernel.
  Status judge_kernel(EntryPlan& plan) {
    bool squashfs = entry_.form() == RootForm::squashfs;
    kernel::Surroundings surroundings{
        .boot_filesystem = std::string(name_of(request_.layout.filesystem)),
        .partition_table = std::string(name_of(request_.layout.table)),
        .root = plan.entry.root,
        .root_filesystem = squashfs ? "squashfs" : "ext4",
        .swap = uses_swap(),
        .brings_modules = !entry_.modules.empty(),
        .gets_initramfs = true};
    if (squashfs) surroundings.root_compression = "xz";
    if (plan.root.tree) {
      surroundings.hard_float_root = TRY(kernel::uses_floating_point(*plan.root.tree));
    }
    const kernel::KernelElf& elf = plan.kernel.elf;
    const board::Board& board = request_.board;
    Findings judged = kernel::check_packing(plan.kernel);
    judged.append(kernel::check_layout(elf, board, kernel::Role::stick));
    if (!judged.passed()) return std::unexpected(as_error(judged, Code::bad_input));
    auto facts = TRY(kernel::read_facts(plan.kernel.file(), elf, board.kernel.machine));
    judged.append(kernel::check_facts(elf, facts, board, kernel::Role::stick, surroundings));
    if (!entry_.modules.empty()) {
      auto set = TRY(kernel::ModuleSet::open(entry_.modules, env_, judged));
      auto wanted = rootfs::modules_to_load(board.modules, plan.entry.root);
      plan.modules = TRY(kernel::plan_modules(set, wanted, &facts, judged));
    }
    if (!judged.passed()) return std::unexpected(as_error(judged, Code::bad_input));
    findings_.append(std::move(judged));
    return {};
  }

  const StickRequest& request_;
  const EntryRequest& entry_;
  const Env& env_;
  Findings& findings_;
  std::vector<ManifestFile> additions_ = {};
  /// The root is hashed while it is judged.
  std::future<Result<ManifestFile>> root_input_ = {};
};

}  // namespace

Result<EntryPlan> plan_entry(const StickRequest& request, const EntryRequest& entry, const Env& env,
                             Findings& findings) {
  TRY(check_request(entry, request.additions));
  return EntryPlanner(request, entry, env, findings).plan();
}

Result<std::uint64_t> root_image_size(BootFilesystem filesystem, std::uint64_t free_bytes,
                                      const archive::MergeSummary& files) {
  bool fat = is_fat(filesystem);
  std::uint64_t limit = fat ? kLargestFatFile : kLargestExt4;
  std::uint64_t size = limit + 1;
  if (free_bytes <= limit && files.content_bytes <= limit) {
    std::uint64_t room = free_bytes + kRootJournalBlocks * std::uint64_t{4096};
    size = std::max(kSmallestRoot, image::ext4_size_for(files.content_bytes, files.paths, room));
  }
  if (size <= limit) return size;
  return advise(fail(Code::does_not_fit,
                     "a root image of {} in files and {} of free room is too "
                     "large for {}, by {} "
                     "bytes or more",
                     human_size(files.content_bytes), human_size(free_bytes),
                     fat ? "a file on FAT" : "ext4", size - limit),
                fat ? "--boot-fs ext4, --root-as partition, or less --free" : "less --free");
}

}  // namespace trxkit::boot
