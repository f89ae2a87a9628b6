// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/image/gathered_output.h"

namespace trxkit::image {
namespace {

constexpr std::size_t kPiece = 256 * 1024;

}  // namespace

Status GatheredOutput::write_at(std::uint64_t offset, Bytes bytes) {
  bool follows = start_ + waiting_.size() == offset;
  if (!follows || waiting_.size() + bytes.size() > kPiece) {
    TRY(flush());
    start_ = offset;
  }
  if (bytes.size() >= kPiece) return output_->write_at(offset, bytes);
  waiting_.insert(waiting_.end(), bytes.begin(), bytes.end());
  return {};
}

Status GatheredOutput::flush() {
  TRY(output_->write_at(start_, waiting_));
  waiting_.clear();
  return {};
}

}  // namespace trxkit::image
