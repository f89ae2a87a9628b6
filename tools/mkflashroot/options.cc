// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "tools/mkflashroot/options.h"

#include <algorithm>
#include <iterator>

#include "lib/rootfs/inputs.h"
#include "lib/rootfs/minimal.h"
#include "lib/rootfs/root_input.h"
#include "lib/system/file.h"

namespace trxkit::mkflashroot {
namespace {

// The search in the initramfs of a kernel: there is no root to put it into.
Status check_kexec_loader(const Options& options) {
  if (!options.base.empty() || options.minimal || !options.fallback_kernel.empty()) {
    return advise(fail(Code::usage, "--kexec-loader makes a kernel, not a root"),
                  "make the root to fall back to in a run of its own, with --fallback-kernel");
  }
  if (options.wrapper.overlay_config) {
    return fail(Code::usage, "--overlay-config is for flash roots: a loader does not mount JFFS2");
  }
  if (!options.kernel.empty() && !options.busybox.empty() && !options.kexec.empty()) return {};
  return advise(fail(Code::usage, "--kexec-loader needs --kernel, --busybox and --kexec"),
                "tools/build-kernel and tools/target-programs make them");
}

// A root as it is: it starts where the search has failed already.
Status check_fallback(const Options& options) {
  bool searches = options.wrapper != rootfs::WrapperSettings();
  bool programs = !options.modules.empty() || !options.kernel.empty() || !options.kexec.empty() ||
                  !options.signify.empty() || !options.nbd_client.empty();
  if (!searches && !programs) return {};
  return advise(fail(Code::usage, "a root with --fallback-kernel does not look for sticks"),
                "give options of the search to --kexec-loader, modules of the kernel with --add");
}

Status check_root(const Options& options) {
  constexpr const char* kBases =
      "--base FILE for an OpenWrt root, or --minimal for a rescue root of busybox";
  if (options.base.empty() && !options.minimal) {
    return advise(fail(Code::usage, "no base root given"), kBases);
  }
  if (!options.base.empty() && options.minimal) {
    return advise(fail(Code::usage, "--base and --minimal exclude each other"), kBases);
  }
  if (options.minimal && options.busybox.empty()) {
    return advise(fail(Code::usage, "--minimal needs --busybox"),
                  "a static busybox for the router, such as Debian's mipsel busybox-static");
  }
  if (!options.minimal && !options.busybox.empty()) {
    return fail(Code::usage, "--busybox is for --minimal: a base has its own");
  }
  if (!options.fallback_kernel.empty()) return check_fallback(options);
  if (options.command_line.empty()) return {};
  return fail(Code::usage, "--cmdline is for --kexec-loader and --fallback-kernel");
}

Status check(const Options& options) {
  TRY(options.kexec_loader ? check_kexec_loader(options) : check_root(options));
  const rootfs::WrapperSettings& wrapper = options.wrapper;
  if (wrapper.url.empty() && !wrapper.udp && !wrapper.address.empty()) {
    return fail(Code::usage, "--address is for --netboot and --udp");
  }
  return {};
}

archive::SourceOptions how_to_read(const Options& options, const Env& env) {
  return {.accept_unterminated = options.accept_unterminated,
          .spool_directory = folder_beside(options.output, env).string()};
}

Status open_base(const Options& options, const board::Board& board, const Env& env,
                 Inputs& inputs) {
  rootfs::FlashRootRequest& request = inputs.request;
  if (!options.base.empty()) {
    request.base = TRY(rootfs::open_root(options.base, how_to_read(options, env), env));
    request.kexec = options.kexec;
    inputs.files.push_back(TRY(rootfs::describe_input("base", options.base, *request.base, env)));
    return {};
  }
  rootfs::MinimalRequest programs{
      .busybox = options.busybox, .kexec = options.kexec, .hostname = board.name};
  request.in_initramfs = options.kexec_loader;
  request.base = options.kexec_loader ? TRY(rootfs::minimal_second_stage(programs, env))
                                      : TRY(rootfs::minimal_flash_root(programs, env));
  inputs.files.push_back(TRY(rootfs::describe_file("busybox", options.busybox, env)));
  return {};
}

}  // namespace

void Options::declare(cli::Verb& verb) {
  const cli::NumberRange seconds{.name = "SECONDS"};
  verb.text("--board", board, "board name, or a board file", cli::Verb::required)
      .text("--base", base,
            "root of the flash system: folder, tar, cpio, squashfs, ext4, TRX image")
      .flag("--minimal", minimal, "instead of --base: a rescue root of busybox alone")
      .flag("--kexec-loader", kexec_loader,
            "instead of a root: the flash kernel (--kernel) with the search in its initramfs, for "
            "flashes without a root")
      .text("--fallback-kernel", fallback_kernel,
            "the root gets this kernel and no search: what such a loader falls back to")
      .text("--cmdline", command_line,
            "kernel command line of --kexec-loader or --fallback-kernel (default: the board's)")
      .list("--modules", modules,
            "kernel modules, of which those go along that sticks need: folder lib/modules/VERSION, "
            ".ko file or package; repeatable")
      .text("--kernel", kernel, "the flash kernel, to be checked with this root and the modules")
      .text("--busybox", busybox, "static busybox of the router's processor, for --minimal")
      .text("--kexec", kexec, "static kexec of the router's processor to add")
      .text("--signify", signify,
            "static signify of the router's processor to add, which checks signatures")
      .text("--nbd-client", nbd_client,
            "static nbd-client of the router's processor to add, for kernels nbd:...")
      .text("--netboot", wrapper.url,
            "try the network first: URL of the folder of boot.sh, http://ADDRESS[:PORT]/PATH")
      .text("--address", wrapper.address,
            "the router's A.B.C.D/N for --netboot (default: DHCP) and --udp")
      .text("--public-key", wrapper.public_key,
            "key (.pub) that has to have signed what comes from the network")
      .number("--minimum-build", wrapper.minimum_build, {},
              "oldest build of it that is taken (default: any)")
      .flag("--require-signed-stick", wrapper.signed_stick,
            "take only sticks, too, that are signed with the key")
      .flag("--insecure-unsigned-netboot", wrapper.unsigned_network,
            "for a bench: take what the network gives unsigned; whoever answers owns the router")
      .number("--usb-wait", wrapper.usb_wait, seconds,
              "seconds until USB storage has to show up (default: 5)")
      .number("--disk-wait", wrapper.disk_wait, seconds,
              "seconds that its disk may take (default: 10)")
      .number("--script-wait", wrapper.script_wait, seconds,
              "seconds after which a boot script that hangs is ended (default: 600)")
      .text("--skip-key", wrapper.skip_key,
            "key on the console that skips USB: any (default), none, or a character")
      .list("--skip-button", wrapper.skip_buttons,
            "button that skips USB: any (default: the board's), none, its name on the board, "
            "gpio:N:low or gpio:N:high; repeatable")
      .text("--led", wrapper.led,
            "status LED: auto (default), none, (part of) its name, gpio:N:low or gpio:N:high")
      .flag("--udp", wrapper.udp, "tell the progress by UDP, too (port 4919); needs --address")
      .flag("--overlay-config", wrapper.overlay_config,
            "take modules, waits, root and swap from the flash's own JFFS2")
      .choice("--backend", backend, {"tar2sqfs", "mksquashfs"}, "who writes the squashfs")
      .flag("--accept-unterminated", accept_unterminated,
            "take a tar without its end (a truncated one looks the same)")
      .text("-o,--output", output,
            "the squashfs, or the kernel of --kexec-loader; OUTPUT.manifest.json goes beside it",
            cli::Verb::required);
  for (const auto& [name, list, help] : rootfs::kCustomisationOptions) {
    verb.list(name, changes.*list, help);
  }
}

std::vector<std::string> Options::files_read(const board::Board& loaded_board) const {
  std::vector<std::string> files{loaded_board.file, base,       kernel,
                                 fallback_kernel,   busybox,    kexec,
                                 signify,           nbd_client, wrapper.public_key};
  files.insert(files.end(), modules.begin(), modules.end());
  std::ranges::move(changes.files_read(), std::back_inserter(files));
  return files;
}

Result<Inputs> open_inputs(const Options& options, const board::Board& board, const Env& env,
                           Findings& findings) {
  TRY(check(options));
  Inputs inputs;
  TRY(open_base(options, board, env, inputs));
  rootfs::CustomisedRoot customised = TRY(rootfs::customise(
      inputs.request.base, options.changes, how_to_read(options, env), env, findings));
  inputs.request.base = std::move(customised.tree);
  std::ranges::move(customised.inputs, std::back_inserter(inputs.files));
  for (const std::string& path : options.modules) {
    inputs.files.push_back(TRY(rootfs::describe_modules(path, env)));
  }
  inputs.request.modules = options.modules;
  inputs.request.kernel = options.kernel;
  for (const std::string& kernel : {options.fallback_kernel, options.kernel}) {
    // Otherwise it is only looked at.
    bool used = !kernel.empty() && (options.kexec_loader || !options.fallback_kernel.empty());
    if (used) inputs.files.push_back(TRY(rootfs::describe_file("kernel", kernel, env)));
  }
  if (!options.kexec.empty()) {
    inputs.files.push_back(TRY(rootfs::describe_file("kexec", options.kexec, env)));
  }
  inputs.request.signify = options.signify;
  if (!options.signify.empty()) {
    inputs.files.push_back(TRY(rootfs::describe_file("signify", options.signify, env)));
  }
  if (!options.wrapper.public_key.empty()) {
    inputs.files.push_back(
        TRY(rootfs::describe_file("public-key", options.wrapper.public_key, env)));
  }
  inputs.request.nbd_client = options.nbd_client;
  if (!options.nbd_client.empty()) {
    inputs.files.push_back(TRY(rootfs::describe_file("nbd-client", options.nbd_client, env)));
  }
  inputs.request.wrapper = options.wrapper;
  return inputs;
}

}  // namespace trxkit::mkflashroot
