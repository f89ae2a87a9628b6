// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The initramfs inside a finished kernel: linked into it, or put into it by embed_initramfs(). It
// is listed, never unpacked to anywhere.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/kernel/cpio_listing.h"
#include "lib/kernel/unpack.h"

namespace trxkit::kernel {

struct Initramfs {
  /// Linked in (INITRAMFS_SOURCE); otherwise named by rd_start in the embedded command line.
  bool built_in = true;
  std::uint64_t address = 0;  ///< virtual
  std::uint64_t offset = 0;   ///< bytes from the start of the file
  std::uint64_t size = 0;     ///< bytes in the file
  Packing packing = Packing::none;
  std::uint64_t unpacked_size = 0;      ///< bytes of the cpio
  std::vector<CpioEntry> entries = {};  ///< in the order of the cpio
  /// Why `entries` is empty or incomplete: an unknown packing, damage. Empty where all went well.
  std::string fault = {};

  /// What `path` ("init", "/sbin/init") leads to in it, symlinks followed; null where there is
  /// nothing.
  const CpioEntry* find(std::string_view path) const { return find_in(entries, path); }
  bool holds(std::string_view path) const { return find(path) != nullptr; }
};

/// The initramfs whose /init the kernel will run. One named by rd_start comes first, since it is
/// unpacked last; then the one between __initramfs_start and __initramfs_size; in a stripped kernel
/// the one whose packed data are followed by their own size (linux usr/initramfs_data.S). Kernels
/// without one carry a cpio of 512 bytes with /dev/console, which is returned as well. Nothing
/// where none can be found.
Result<std::optional<Initramfs>> find_initramfs(const InputFile& file, const KernelElf& elf);

}  // namespace trxkit::kernel
