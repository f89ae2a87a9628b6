// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Gzip, since every kernel that unpacks an initramfs at all can be expected to read it, and little
// memory suffices on a 64 MB router.
#include <array>

#include <zlib.h>

#include "lib/archive/merge.h"
#include "lib/archive/write.h"
#include "lib/boot/stick_parts.h"

namespace trxkit::boot {
namespace {

constexpr int kGzipWindow = 15 + 16;  // zlib: a window of 32 KiB, in a gzip wrapper
constexpr int kMemoryLevel = 9;

// Compresses what it is given into `output`. zlib's own gzip header carries neither name nor time.
class GzipSink {
 public:
  explicit GzipSink(OutputFile& output) : output_(output) {
    if (deflateInit2(&stream_, Z_BEST_COMPRESSION, Z_DEFLATED, kGzipWindow, kMemoryLevel,
                     Z_DEFAULT_STRATEGY) != Z_OK) {
      throw std::bad_alloc();
    }
  }
  ~GzipSink() { deflateEnd(&stream_); }
  GzipSink(const GzipSink&) = delete;
  GzipSink& operator=(const GzipSink&) = delete;

  Status write(Bytes bytes) {
    while (!bytes.empty()) {
      Bytes piece = bytes.first(std::min<std::size_t>(bytes.size(), 1 << 20));
      bytes = bytes.subspan(piece.size());
      // zlib does not write there; its interface is older than const.
      stream_.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(piece.data()));
      stream_.avail_in = static_cast<uInt>(piece.size());
      TRY(deflate_all(Z_NO_FLUSH));
    }
    return {};
  }
  Status finish() { return deflate_all(Z_FINISH); }

 private:
  Status deflate_all(int flush) {
    std::array<std::byte, 64 << 10> buffer;
    do {
      stream_.next_out = reinterpret_cast<Bytef*>(buffer.data());
      stream_.avail_out = static_cast<uInt>(buffer.size());
      deflate(&stream_, flush);
      TRY(output_.write(Bytes(buffer).first(buffer.size() - stream_.avail_out)));
    } while (stream_.avail_out == 0);
    return {};
  }

  OutputFile& output_;
  z_stream stream_{};
};

}  // namespace

Status write_initramfs(const archive::Source& tree, const std::string& path) {
  OutputFile output = TRY(OutputFile::create(path));
  GzipSink gzip(output);
  auto writer = archive::cpio_writer([&](Bytes bytes) { return gzip.write(bytes); });
  TRY(archive::copy_entries(tree, *writer));
  TRY(gzip.finish());
  return output.commit();
}

}  // namespace trxkit::boot
