// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include <utility>

#include "lib/archive/archive_handle.h"

namespace trxkit::archive {
namespace {

class DecompressedStream : public ByteStream {
 public:
  explicit DecompressedStream(std::unique_ptr<ArchiveHandle> handle) : handle_(std::move(handle)) {}

  Result<std::size_t> read(MutableBytes target) override {
    if (!started_) empty_ = TRY(handle_->next()) == nullptr;
    started_ = true;
    if (empty_) return 0;
    std::size_t got = TRY(handle_->read(target));
    if (got == 0 && !std::exchange(finished_, true)) TRY(handle_->finish_compressed());
    return got;
  }
  bool is_the_file() const override { return handle_->plain(); }

 private:
  std::unique_ptr<ArchiveHandle> handle_;
  bool started_ = false;
  bool empty_ = false;
  bool finished_ = false;
};

}  // namespace

Result<std::unique_ptr<ByteStream>> decompressed(std::unique_ptr<ByteStream> stream,
                                                 const std::string& name) {
  auto handle = TRY(ArchiveHandle::open(std::move(stream), Format::compressed, name));
  return std::make_unique<DecompressedStream>(std::move(handle));
}

}  // namespace trxkit::archive
