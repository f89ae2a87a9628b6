// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Where things go in a board's flash, and the rules that an image has to keep there. Pure
// arithmetic on a board and a layout; reads no file.
//
// Offsets named "TRX-relative" count from the image's header, others from the start of the chip.
// Two erase sizes are in play where the board's is only inferred: the likeliest one, and the
// largest that the chip may have. Rules hold for whichever of them is worse.
#pragma once

#include <cstdint>
#include <vector>

#include "lib/board/board.h"
#include "lib/core/finding.h"
#include "lib/firmware/image_layout.h"

namespace trxkit::firmware {

/// Takes `bytes` (a power of two, 4 KiB to 1 MiB) as the board's erase size, without doubt: what
/// an option of the user says. Errors: Code::usage for any other number, or where it does not
/// divide the flash.
Status assume_erase_size(board::Board& board, std::uint64_t bytes);

/// Where the TRX starts: the offset of the firmware partition, and behind a container that stays in
/// the flash (Edimax).
std::uint64_t firmware_offset(const board::Board& board);

/// The end of what an image may fill: the start of the largest erase block that nvram may lie in,
/// or the end of the firmware partition where that comes first.
std::uint64_t firmware_limit(const board::Board& board);

/// `a` + `b`, or the largest number where that has no room: offsets of hostile images may be
/// anything.
std::uint64_t saturating_sum(std::uint64_t a, std::uint64_t b);

/// Where `layout` ends, from the start of the chip: all that is written, and all that the header
/// claims.
std::uint64_t end_in_chip(const board::Board& board, const ImageLayout& layout);

/// The first TRX-relative offset from `earliest` on at which a squashfs starts at an erase block of
/// the flash, whichever of the two sizes those have.
std::uint64_t squashfs_place(const board::Board& board, std::uint64_t earliest);

/// The TRX-relative offsets that need a JFFS2 marker (DE AD C0 DE) where a squashfs ends at
/// `squashfs_end` (TRX-relative): the first erase block behind it, for each of the two erase sizes
/// (once where both are the same place). Linux rounds the end of the squashfs up to an erase block
/// and lets rootfs_data start there (OpenWrt target/linux/generic/files/drivers/mtd/mtdsplit/
/// mtdsplit.c); fstools formats it where it finds the marker.
std::vector<std::uint64_t> marker_places(const board::Board& board, std::uint64_t squashfs_end);

/// Bytes from the first erase block behind the squashfs (behind the image, without one) up to
/// firmware_limit(), with the largest blocks that the chip may have: what JFFS2 can get.
std::uint64_t room_behind(const board::Board& board, const ImageLayout& layout);

/// "3 erase blocks of 64 KiB", as many as hold `bytes`.
std::string erase_blocks(std::uint64_t bytes, std::uint64_t block);

/// "; the largest part is part 2, ...", or nothing without parts: for messages.
std::string largest_part(const ImageLayout& layout);

/// Judges `layout` in the flash of `board` (MAP001 to MAP010). Adds notes on what is left and on
/// values that the board file only infers.
Findings judge_layout(const board::Board& board, const ImageLayout& layout);

}  // namespace trxkit::firmware
