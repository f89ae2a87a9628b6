// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/trx/loader_reader.h"

#include <algorithm>

namespace trxkit::trx {
namespace {

constexpr std::uint64_t kHeaderEnd = kLoaderHeaderOffset + sizeof(LoaderHeader);

std::uint32_t crc_of_words(const LoaderHeader& header, std::size_t size) {
  Crc32 crc;
  crc.update(as_bytes(header).first(size));
  return crc.value();
}

// Moves up to `wanted` bytes in all from the front of `bytes` to `target`.
void collect(std::vector<std::byte>& target, std::uint64_t wanted, Bytes& bytes) {
  std::size_t count =
      std::min<std::size_t>(wanted - std::min<std::size_t>(wanted, target.size()), bytes.size());
  target.insert(target.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count));
  bytes = bytes.subspan(count);
}

}  // namespace

std::uint32_t console_crc_of(const LoaderHeader& header) {
  return crc_of_words(header, offsetof(LoaderHeader, console_crc));
}

std::uint32_t crc_of(const LoaderHeader& header) {
  return crc_of_words(header, offsetof(LoaderHeader, crc));
}

std::uint32_t stub_crc_of(Bytes stub) {
  Crc32 crc;
  crc.update(stub.first(kLoaderHeaderOffset));
  crc.update(stub.subspan(kHeaderEnd));
  return crc.value();
}

LoaderReader::LoaderReader(Sink kernel) : kernel_(std::move(kernel)) {
  Sink sink = [this](Bytes bytes) {
    result_crc_.update(bytes);
    return kernel_(bytes);
  };
  // The loader takes what follows the last byte for damage (loader/decoder.c).
  decoder_ = make_lzma_decoder(std::move(sink), kUnpackLimit, 0, EndMarker::refused);
}

bool LoaderReader::recognises(Bytes head) {
  auto magic = ByteReader(head).read_at<le32>(kLoaderHeaderOffset);
  return magic && *magic == kLoaderMagic;
}

Status LoaderReader::write(Bytes bytes) {
  contents_.size += bytes.size();
  if (stub_size_ == 0) {
    collect(stub_, kHeaderEnd, bytes);
    if (stub_.size() < kHeaderEnd) return {};
    contents_.header = TRY(ByteReader(stub_).read_at<LoaderHeader>(kLoaderHeaderOffset));
    stub_size_ = std::clamp<std::uint64_t>(contents_.header.stub_size, kHeaderEnd, kLargestStub);
  }
  collect(stub_, stub_size_, bytes);
  return bytes.empty() ? Status{} : write_payload(bytes);
}

Status LoaderReader::write_payload(Bytes bytes) {
  payload_crc_.update(bytes);
  Bytes head = bytes;
  collect(lzma_head_, sizeof(LzmaHeader), head);
  return decoder_->write(bytes);
}

LoaderContents LoaderReader::finish() {
  if (stub_.size() >= kHeaderEnd) contents_.stub_crc = stub_crc_of(stub_);
  contents_.payload_crc = payload_crc_.value();
  contents_.result = decoder_->finish();
  contents_.result_crc = result_crc_.value();
  if (auto lzma = ByteReader(lzma_head_).read_at<LzmaHeader>(0)) contents_.lzma = *lzma;
  return contents_;
}

}  // namespace trxkit::trx
