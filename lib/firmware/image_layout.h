// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What a TRX image consists of, as far as the flash map and the kernel's view of the flash need it:
// places and kinds, no contents. Read faithfully from the file, nonsense included; judging is the
// business of flash_layout.h and of the TRX rules.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lib/core/result.h"
#include "lib/system/file.h"

namespace trxkit::firmware {

/// What a part holds, by its first bytes.
enum class PartKind : std::uint8_t { kernel, loader, squashfs, jffs2, unknown };

/// One part of the TRX, in the order of the header's offsets.
struct ImagePart {
  std::uint32_t index = 0;   ///< 1 to 4: its place in the header's offset table
  std::uint64_t offset = 0;  ///< bytes from the start of the TRX
  std::uint64_t size = 0;    ///< bytes up to the next part or the end of the TRX
  PartKind kind = PartKind::unknown;
  std::string label;  ///< for people: "kernel (gzip)", "squashfs (xz)"
};

struct ImageLayout {
  std::string file;                ///< as the user named it, for messages
  std::uint64_t file_size = 0;     ///< bytes
  std::uint64_t trx_offset = 0;    ///< bytes from the start of the file (containers), usually 0
  std::uint32_t magic = 0;         ///< as the header has it
  std::uint32_t version = 1;       ///< of the TRX
  std::uint64_t length = 0;        ///< the header's length: what the boot loader's CRC covers
  bool from_flash = false;         ///< read back from a router: JFFS2 has replaced the markers
  bool crc_ok = false;             ///< the CRC of the header is that of the bytes
  std::vector<ImagePart> parts;    ///< in table order, absent ones left out
  std::uint64_t written_size = 0;  ///< bytes from the TRX start that get written to the chip:
                                   ///< length, and markers and padding behind it
  /// The first squashfs: bytes from the TRX start to its superblock and to behind its last byte
  /// (the superblock's bytes_used, not the padding).
  std::optional<std::uint64_t> squashfs_offset;
  std::optional<std::uint64_t> squashfs_end;
  /// Every JFFS2 marker (DE AD C0 DE) at a 4 KiB boundary behind the squashfs; bytes from the TRX
  /// start.
  std::vector<std::uint64_t> markers;
  /// The kernel's built-in command line, where it could be read.
  std::optional<std::string> command_line;
  /// The kernel carries an initramfs with our flash-init or second-stage loader, which finds the
  /// root by partition name.
  bool finds_root_by_name = false;
  /// It is a second-stage loader: the root is only what that falls back to, and may be missing.
  bool is_second_stage = false;
};

/// Reads the layout of a TRX image, with or without a known container around it. Errors:
/// Code::bad_input where no TRX header can be found, Code::io.
Result<ImageLayout> read_layout(const InputFile& file);

}  // namespace trxkit::firmware
