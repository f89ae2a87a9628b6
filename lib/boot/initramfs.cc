// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/archive/merge.h"
#include "lib/archive/write.h"
#include "lib/boot/stick_parts.h"
#include "lib/kernel/pack.h"

namespace trxkit::boot {

// Gzip, since every kernel that unpacks an initramfs at all can be expected to read it, and little
// memory suffices on a 64 MB router.
Status write_initramfs(const archive::Source& tree, const std::string& path) {
  OutputFile output = TRY(OutputFile::create(path));
  auto packer =
      kernel::make_packer(kernel::Packing::gzip, [&](Bytes bytes) { return output.write(bytes); });
  auto writer = archive::cpio_writer([&](Bytes bytes) { return packer->write(bytes); });
  TRY(archive::copy_entries(tree, *writer));
  TRY(packer->finish());
  return output.commit();
}

}  // namespace trxkit::boot
