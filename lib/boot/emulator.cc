// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/boot/emulator.h"

#include "lib/boot/emulated_flash.h"

namespace trxkit::boot {
namespace {

/// A path inside a -drive option, where a comma is written twice.
std::string escaped(const std::string& path) {
  std::string text;
  for (char c : std::filesystem::absolute(path).string())
    text += c == ',' ? ",," : std::string(1, c);
  return text;
}

std::string drive(const std::string& id, const std::string& path, bool keep) {
  return fmt::format("if=none,id={},format=raw,file={},snapshot={}", id, escaped(path),
                     keep ? "off" : "on");
}

/// Slots: only 0x12 and 0x13 (and 0x0b, of the network) have an interrupt route on malta. Without
/// "-vga none" and "romfile=" QEMU wants files that Debian's package does not bring.
Command machine(const EmulatorRequest& request, const EmulatedFlash& flash) {
  Command command;
  command.argv = {"qemu-system-mipsel",
                  "-M",
                  "malta",
                  "-cpu",
                  "74Kf",
                  "-m",
                  std::to_string(*request.board.ram_size >> 20),
                  "-vga",
                  "none",
                  "-nic",
                  "none",
                  "-nographic",
                  "-no-reboot",
                  "-kernel",
                  flash.kernel,
                  "-append",
                  request.board.kernel.command_line + " " + flash.partitions};
  auto add = [&](std::initializer_list<std::string> words) {
    command.argv.insert(command.argv.end(), words);
  };
  add({"-drive", drive("flash", flash.chip, false)});
  add({"-device", "virtio-blk-pci,drive=flash,addr=0x13"});
  add({"-device", "usb-ehci,id=usb,addr=0x12"});
  add({"-drive", drive("stick", request.stick, request.keep)});
  add({"-device", "usb-storage,bus=usb.0,drive=stick"});
  command.on_our_streams = true;
  return command;
}

}  // namespace

Result<Emulator> prepare_emulator(const EmulatorRequest& request, const Env& env,
                                  const Progress& progress) {
  if (request.board.kernel.flash_parser != board::FlashParser::blkdevparts) {
    return fail(Code::usage, "{} is no emulated router", request.board.name);
  }
  TRY(InputFile::open(request.stick, env));
  Emulator emulator{TRY(TemporaryDirectory::create(env.temporary_directory)), {}};
  const std::filesystem::path& folder = emulator.scratch.path();
  std::string flash = request.flash;
  if (flash.empty()) flash = TRY(make_emulated_trx(request.board, folder, env, progress));
  progress("starting", 0, 0);
  auto prepared = TRY(prepare_emulated_flash(flash, request.board, folder, env));
  emulator.command = machine(request, prepared);
  emulator.command.environment = {{"TMPDIR", env.temporary_directory.string()}};
  return emulator;
}

}  // namespace trxkit::boot
