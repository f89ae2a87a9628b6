// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/firmware/verify.h"

#include "lib/firmware/flash_layout.h"
#include "lib/firmware/kernel_view.h"
#include "lib/trx/judge.h"
#include "lib/trx/payload_rules.h"

namespace trxkit::firmware {

Findings judge(const Analysis& analysis, const ImageLayout& layout, const board::Board* board) {
  Findings findings =
      trx::judge_image(analysis.image, analysis.computed_crc, analysis.trailer, board);
  findings.append(trx::judge_payloads(analysis.image, analysis.payloads, board));
  if (board != nullptr) findings.append(judge_layout(*board, layout));
  return findings;
}

Result<Findings> judge_kernel_view(const board::Board& board, const InputFile& file,
                                   const ImageLayout& layout, const InputFile* cfe) {
  FlashPicture chip = compose_flash(board, &file, &layout, cfe);
  auto views = TRY(view_flash(board, &layout, chip, cfe != nullptr));
  return judge_root(board, layout, views);
}

Result<Verdict> verify(const InputFile& file, const board::Board* board, const InputFile* cfe) {
  Verdict verdict;
  auto analysis = analyse(file, board, trx::Depth::decode);
  if (!analysis) {
    const Error& error = analysis.error();
    if (error.finding != "TRX002") return std::unexpected(analysis.error());
    verdict.findings.add("TRX002", error.where, error.what, error.hint);
    return verdict;
  }
  auto markers = TRY(find_markers(file, analysis->image, squashfs_end_of(*analysis)));
  ImageLayout layout = layout_of(*analysis, file.size(), std::move(markers));
  verdict.findings = judge(*analysis, layout, board);
  if (board != nullptr) {
    verdict.findings.append(TRY(judge_kernel_view(*board, file, layout, cfe)));
  }
  verdict.analysis = *std::move(analysis);
  return verdict;
}

}  // namespace trxkit::firmware
