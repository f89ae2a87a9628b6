// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Everything that one pass over an image file tells, without judging it: what verify, inspect and
// the readers of the layout share.
#pragma once

#include <optional>
#include <vector>

#include "lib/core/json.h"
#include "lib/firmware/image_layout.h"
#include "lib/trx/payload.h"
#include "lib/trx/trailer.h"
#include "lib/trx/wrapped.h"

namespace trxkit::firmware {

struct Analysis {
  trx::Container container;  ///< around the image; of kind none where it is bare
  trx::Image image;
  std::optional<trx::CyberTanHeader> fourth;  ///< part 4 of version 2
  std::uint32_t computed_crc = 0;             ///< of the bytes that are there
  trx::Trailer trailer;                       ///< behind `length`
  std::vector<trx::Payload> payloads;         ///< one a part, in table order
};

/// Reads the image at `place` of `file`, bare or in a container. `board` (may be null) only says
/// which magic to expect. Errors: those of trx::read_wrapped(), Code::io.
Result<Analysis> analyse(const InputFile& file, const board::Board* board, trx::Depth depth,
                         const trx::Place& place = {});

/// The same for a file that was read back from a router: the partition that holds the image or, if
/// it is as large as the flash of `board`, the whole chip. `position` says where the image starts
/// otherwise.
Result<Analysis> analyse_dump(const InputFile& file, const board::Board* board, trx::Depth depth,
                              std::optional<std::uint64_t> position = {});

/// Whether `file` is as large as the flash of `board` (may be null), as a dump of all of it is.
bool is_whole_chip(const InputFile& file, const board::Board* board);

/// The places of `analysis` for the flash map. `markers` as ImageLayout::markers has them.
ImageLayout layout_of(const Analysis& analysis, std::uint64_t file_size,
                      std::vector<std::uint64_t> markers);

/// Where the first squashfs ends, or `length` without one: bytes from the header. Markers count
/// from there.
std::uint64_t squashfs_end_of(const Analysis& analysis);

/// Every JFFS2 marker at a 4 KiB boundary from `from` to the end of the file, bytes from the
/// header.
Result<std::vector<std::uint64_t>> find_markers(const InputFile& file, const trx::Image& image,
                                                std::uint64_t from);

/// {"magic": ..., "parts": [...]}: members of the JSON result of inspect, verify and pack.
Json describe(const Analysis& analysis);

/// The same for people, one line an element.
std::vector<std::string> describe_lines(const Analysis& analysis);

}  // namespace trxkit::firmware
