// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "tools/mkflashroot/network_report.h"

namespace trxkit::mkflashroot {
namespace {

const char* trust_of(const rootfs::WrapperSettings& wrapper) {
  if (wrapper.unsigned_network) return "nobody has to sign what comes from the network";
  if (wrapper.signed_stick) return "sticks and whatever else is booted have to be signed";
  return wrapper.url.empty() ? "whoever plugs in a stick"
                             : "whoever plugs in a stick; a server has to sign";
}

}  // namespace

void add_trust(const rootfs::WrapperSettings& wrapper, const rootfs::FlashRoot& root,
               BuildManifest& manifest) {
  if (!root.public_key.empty()) {
    Sha256 hash;
    hash.update(as_bytes(root.public_key));
    manifest.contents.push_back({.role = "public-key",
                                 .name = "etc/usbboot/key.pub",
                                 .sha256 = hex(hash.digest()),
                                 .size = root.public_key.size()});
  }
  if (wrapper.unsigned_network) {
    manifest.changes.push_back({.entry = "flash",
                                .path = "etc/usbboot.conf",
                                .what = "boots from the network without signatures"});
  }
}

void report_network(const rootfs::WrapperSettings& wrapper, cli::Report& report) {
  report.say(fmt::format("  network    {}", wrapper.url.empty() ? "not tried (no --netboot)"
                                                                : "first from " + wrapper.url));
  report.say(fmt::format("  trust      {}", trust_of(wrapper)));
}

}  // namespace trxkit::mkflashroot
