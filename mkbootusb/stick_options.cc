// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "mkbootusb/stick_options.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <utility>

#include "mkbootusb/entry_options.h"
#include "mkbootusb/stick_report.h"

namespace trxkit {
namespace {

// The first has the higher priority: it is booted until it fails, or until somebody switches.
constexpr const char* kPair[] = {"a,priority=110", "b,priority=100"};

Result<std::vector<boot::EntryRequest>> entries_of(const StickOptions& options,
                                                   boot::EntryRequest defaults) {
  defaults.free_bytes = options.free.value_or(defaults.free_bytes);
  defaults.start = options.start.start();
  defaults.root_form = TRY(root_form_named(options.root_as));
  bool named = defaults.name != boot::EntryRequest{}.name;
  if (!options.entries.empty() && (options.pair || named)) {
    return fail(Code::usage, "--entry excludes {}", options.pair ? "--ab" : "--entry-name");
  }
  if (options.pair && named) return fail(Code::usage, "--ab excludes --entry-name");
  std::vector<std::string> texts = options.entries;
  if (options.pair) texts.assign(std::begin(kPair), std::end(kPair));
  std::vector<boot::EntryRequest> entries;
  for (const std::string& text : texts) entries.push_back(TRY(parse_entry(text, defaults)));
  if (entries.empty()) entries.push_back(defaults);
  return entries;
}

constexpr boot::BootFilesystem kFilesystems[] = {
    boot::BootFilesystem::fat16, boot::BootFilesystem::fat32, boot::BootFilesystem::ext2,
    boot::BootFilesystem::ext3, boot::BootFilesystem::ext4};
constexpr boot::PartitionTable kTables[] = {boot::PartitionTable::mbr, boot::PartitionTable::gpt,
                                            boot::PartitionTable::none};

// The one of `values` that is called `name`; the option parser has let no other pass.
template <typename T, std::size_t count>
T named(const std::string& name, const T (&values)[count]) {
  const T* found = std::ranges::find(values, name, [](T value) { return boot::name_of(value); });
  if (found == std::end(values)) std::unreachable();
  return *found;
}

struct StickRun {
  StickOptions stick;
  std::string target;
};

}  // namespace

void StickOptions::declare(cli::Verb& verb) {
  verb.text("--board", board, "board name, or a board file", cli::Verb::required)
      .text("--kernel", entry.kernel, "stick kernel: a vmlinux, best with its symbols")
      .text("--rootfs", entry.rootfs, "root: folder, tar, cpio, squashfs, ext4, TRX image")
      .flag("--minimal", entry.minimal, "instead of --rootfs: a small root of busybox alone")
      .flag("--as-is", entry.as_is,
            "take the root without a change: no guards for the flash, no commands of trxkit")
      .flag("--resettable", entry.resettable,
            "a packed copy of the root beside it: usbboot-reset goes back to it")
      .text("--busybox", request.busybox, "static busybox of the router's processor",
            cli::Verb::required)
      .text("--kexec", request.kexec, "static kexec, for --minimal")
      .list("--modules", entry.modules,
            "the kernel's modules, of which those go into the initramfs that "
            "the board and the root "
            "need: folder lib/modules/VERSION, .ko file or package; repeatable")
      .text("--cmdline", entry.command_line, "kernel command line (default: the board's)")
      .size("--free", free, "room left in the root image (default 32M)")
      .choice("--boot-fs", boot_filesystem, {"fat16", "fat32", "ext2", "ext3", "ext4"},
              "file system of the boot partition")
      .choice("--table", table, {"mbr", "gpt", "none"},
              "partition table; none: the whole stick is the boot partition")
      .choice("--root-as", root_as, {"image", "squashfs", "partition"},
              "image: a writable file on the boot partition; squashfs: a "
              "read-only one with a RAM "
              "disk over it; partition: one of its own")
      .text("--root", entry.server_root,
            "the root is on a server: nbd:HOST[:PORT]/EXPORT (ext4), nfs:HOST:/PATH, or "
            "http://HOST[:PORT]/PATH (a squashfs, fetched into RAM); with --rootfs or --minimal, "
            "what the "
            "server needs is made beside the kernel: root.img, root.tar, root.squashfs")
      .text("--kernel-url", entry.kernel_source,
            "boot.sh fetches the kernel from elsewhere: http://HOST[:PORT]/PATH, "
            "nbd:HOST[:PORT]/EXPORT:PATH or nfs:HOST:/DIR:PATH")
      .size("--swap", swap, "a swap partition of this size")
      .size("--data", data,
            "an ext4 partition of at least this size, USBDATA, the last one of the stick")
      .flag(
          "--grow-data", data_grows,
          "the initramfs lets it grow to the end of the stick, once; needs --resize2fs and --fsck")
      .text("--resize2fs", resize2fs, "static resize2fs of the router's processor, for that")
      .text("--uuid", medium,
            "id of the boot partition: a UUID, 1234-ABCD for FAT, label:USBBOOT to look for "
            "that, or none where the tree is served (default: made from the contents)")
      .list(
          "--id", names.ids,
          "PART=ID, PART one of boot, root, swap, data (a UUID), disk (of an MBR 0x1234abcd, of a "
          "GPT a UUID); repeatable")
      .list("--partuuid", names.partition_ids,
            "PART=UUID, PART one of boot, root, swap, data: id of its partition in a GPT; "
            "repeatable")
      .list("--label", names.labels, "PART=LABEL, PART one of boot, root, swap, data; repeatable")
      .text("--entry-name", entry.name, "name of the boot entry (default \"default\")")
      .text("--title", entry.title, "what the router's console calls the entry")
      .list("--entry", entries,
            "NAME,KEY=VALUE,...: a boot entry, which takes what its keys do "
            "not say from the "
            "options above; keys: " +
                entry_keys() + "; a comma in a value is written twice; repeatable")
      .flag("--ab", pair, "two entries, a and b, each with a kernel and root of its own")
      .number("--timeout", choice_timeout, {.name = "SECONDS"},
              "seconds for a choice of entries on the console (default 3; 0: none)")
      .number("--build", request.build, {},
              "number of the build in boot.manifest, which must only grow (default: "
              "SOURCE_DATE_EPOCH)")
      .text("--sign-key", request.sign_key, "secret key that signs boot.manifest")
      .flag("--read-only-stick", read_only,
            "the boot script writes nothing: a system that does not come up is "
            "tried again");
  start.declare(verb);
  for (const auto& [name, list, help] : rootfs::kCustomisationOptions) {
    verb.list(name, entry.changes.*list, help);
  }
}

Result<boot::StickRequest> StickOptions::complete(const Env& env) const {
  boot::StickRequest complete = request;
  complete.board = TRY(board::load_board(board, env));
  complete.additions = TRY(start.additions());
  complete.additions.resize2fs = resize2fs;
  complete.guard = !read_only;
  if (choice_timeout) {
    // The library knows the most, which is far less than this.
    constexpr std::uint64_t kMost = std::numeric_limits<unsigned>::max();
    complete.choice_timeout = static_cast<unsigned>(std::min(*choice_timeout, kMost));
  }
  complete.layout = {.filesystem = named(boot_filesystem, kFilesystems),
                     .table = named(table, kTables),
                     .swap_size = swap.value_or(0),
                     .data_size = data.value_or(0),
                     .data_grows = data_grows,
                     .medium = medium};
  boot::EntryRequest defaults = entry;
  TRY(apply_names(names, complete.layout, defaults));
  complete.entries = TRY(entries_of(*this, std::move(defaults)));
  return complete;
}

void add_stick_verb(cli::Program& program, const StickVerb& verb) {
  auto options = std::make_shared<StickRun>();
  cli::Verb& declared = program.verb(verb.name, verb.summary);
  options->stick.declare(declared);
  declared.text(verb.target_option, options->target, verb.target_help, cli::Verb::required)
      .action([options, verb](const Env& env, cli::Report& report) -> Result<int> {
        TRY(report.leave_standard_output_to(options->target));
        boot::StickRequest request = TRY(options->stick.complete(env));
        Findings findings;
        boot::StickResult result =
            TRY(verb.write(request, options->target, env, progress_of(report), findings));
        int status = report.findings(findings);
        report_stick(result, request, options->target, report);
        verb.advise(request, result, options->target, report);
        return status;
      });
}

}  // namespace trxkit
