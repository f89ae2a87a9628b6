// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/firmware/verify.h"

#include "lib/firmware/flash_layout.h"
#include "lib/firmware/kernel_view.h"
#include "lib/trx/judge.h"
#include "lib/trx/magic.h"
#include "lib/trx/payload_rules.h"

namespace trxkit::firmware {
namespace {

// The boards that take the magic of `image`, where that needs saying. An unreadable catalogue is no
// fault of the image.
std::vector<std::string> owners_of(const trx::Image& image, const board::Board* board,
                                   const Env& env) {
  bool expected = board != nullptr ? image.magic == *board->trx.magic
                                   : trx::models_of_magic(image.magic).has_value();
  if (expected) return {};
  auto boards = board::load_all_boards(env);
  if (!boards) return {};
  std::vector<std::string> owners;
  for (const board::Board& other : *boards) {
    if (*other.trx.magic == image.magic) owners.push_back(other.name);
  }
  return owners;
}

// An image without a squashfs: whether its kernel can do without one. In a damaged image one may
// only not be found.
void judge_missing_root(const ImageLayout& layout, Findings& findings) {
  if (layout.squashfs_offset) return;
  Where image{.file = layout.file, .offset = {}};
  if (layout.is_second_stage) {
    findings.add(
        "FSR080", image,
        "a second-stage loader alone: without stick and server there is a rescue shell, no "
        "system",
        "mkflashroot --fallback-kernel makes a root for it to fall back to");
  } else if (layout.finds_root_by_name) {
    findings.add("FSR081", image,
                 "the kernel looks for a root by the partition's name, and the image has none",
                 "pack one with --rootfs, or make the kernel a loader: mkflashroot --kexec-loader");
  }
}

Result<Analysis> read_analysis(const VerifyRequest& request) {
  if (request.dump) {
    return analyse_dump(*request.file, request.board, request.depth, request.offset);
  }
  trx::Place place{.position = request.offset.value_or(0), .embedded = request.offset.has_value()};
  return analyse(*request.file, request.board, request.depth, place);
}

}  // namespace

Findings judge(const Analysis& analysis, const ImageLayout& layout, const board::Board* board,
               std::span<const std::string> owners) {
  Findings findings =
      trx::judge_wrapped(analysis.container, analysis.image, analysis.fourth, board);
  findings.append(
      trx::judge_image(analysis.image, analysis.computed_crc, analysis.trailer, board, owners));
  findings.append(trx::judge_payloads(analysis.image, analysis.payloads, board));
  if (board == nullptr) return findings;
  findings.append(judge_layout(*board, layout));
  if (findings.passed()) judge_missing_root(layout, findings);
  return findings;
}

Result<Findings> judge_kernel_view(const board::Board& board, const InputFile& file,
                                   const ImageLayout& layout, const InputFile* cfe) {
  if (!layout.squashfs_offset) return Findings{};
  FlashPicture chip = compose_flash(board, &file, &layout, cfe);
  auto views = TRY(view_flash(board, &layout, chip, cfe != nullptr));
  return judge_root(board, layout, views);
}

Result<Verdict> verify(const VerifyRequest& request, const Env& env) {
  const InputFile& file = *request.file;
  const board::Board* board = request.board;
  Verdict verdict;
  auto analysis = read_analysis(request);
  if (!analysis) {
    // A header that cannot be read whole is a finding; a file without one is not.
    if (verdict.findings.add(analysis.error(), {"TRX002", "TRX030", "TRX037"})) return verdict;
    return std::unexpected(std::move(analysis).error());
  }
  auto markers = TRY(find_markers(file, analysis->image, squashfs_end_of(*analysis)));
  ImageLayout layout = layout_of(*analysis, file.size(), std::move(markers));
  verdict.findings = judge(*analysis, layout, board, owners_of(analysis->image, board, env));
  if (board != nullptr) {
    bool whole_chip = request.dump && is_whole_chip(file, board);
    const InputFile* cfe = whole_chip ? &file : request.cfe;
    verdict.findings.append(TRY(judge_kernel_view(*board, file, layout, cfe)));
  }
  verdict.analysis = *std::move(analysis);
  return verdict;
}

}  // namespace trxkit::firmware
