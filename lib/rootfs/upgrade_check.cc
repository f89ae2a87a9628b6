// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/rootfs/upgrade_check.h"

#include "lib/rootfs/template.h"
#include "lib/trx/header.h"

namespace trxkit::rootfs {
namespace {

// As hexdump prints the first bytes of an image: 0x20100322 is "22031020".
std::string bytes_of(std::uint32_t magic) {
  std::string bytes;
  for (unsigned shift = 0; shift < 32; shift += 8) {
    bytes += fmt::format("{:02x}", (magic >> shift) & 0xff);
  }
  return bytes;
}

}  // namespace

Status add_upgrade_check(archive::MemoryTree& tree, const UpgradeScripts& scripts,
                         const board::Board& board, const Where& where, const Env& env,
                         Findings& findings) {
  std::uint32_t magic = *board.trx.magic;
  bool own_magic = magic != trx::kHdr0 && board.trx.container == board::ContainerKind::none;
  if (!own_magic || !scripts.program) return {};
  if (!scripts.folder) {
    findings.add(
        "FSR041", where,
        fmt::format("sysupgrade in the root has no folder /lib/upgrade: it may write images "
                    "that {} does not start",
                    board.model),
        "upgrade with images of trxtool pack alone");
    return {};
  }
  const std::string text = TRY(load_template("upgrade-check.sh", env));
  tree.add_text("lib/upgrade/zz-usbboot.sh",
                TRY(render_template(text, "templates/upgrade-check.sh",
                                    {{"BOARD", board.model},
                                     {"MAGIC", fmt::format("{:#010x}", magic)},
                                     {"BYTES", bytes_of(magic)}})));
  findings.add(
      "FSR040", where,
      fmt::format("sysupgrade in the flash will take images with the magic {:#010x} alone", magic),
      "one with HDR0 would not start again; those of trxtool pack have the right one");
  return {};
}

}  // namespace trxkit::rootfs
