// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/image/bmap.h"

#include "lib/core/digest.h"

namespace trxkit::image {
namespace {

struct BlockSpan {
  std::uint64_t first = 0;
  std::uint64_t count = 0;
};

BlockSpan blocks_of(const ByteRange& range) {
  std::uint64_t first = range.offset / kMappedBlock;
  std::uint64_t end = align_up(range.offset + range.size, kMappedBlock) / kMappedBlock;
  return {first, end - first};
}

Result<std::string> range_line(const InputFile& image, const ByteRange& range) {
  Sha256 hash;
  TRY(image.for_each_block(range.offset, range.size, [&](Bytes bytes) -> Status {
    hash.update(bytes);
    return {};
  }));
  BlockSpan span = blocks_of(range);
  std::string blocks = span.count == 1
                           ? std::to_string(span.first)
                           : fmt::format("{}-{}", span.first, span.first + span.count - 1);
  return fmt::format("        <Range chksum=\"{}\"> {} </Range>\n", hex(hash.digest()), blocks);
}

std::string head(std::uint64_t image_size, std::uint64_t mapped, const std::string& checksum) {
  return fmt::format(
      "<?xml version=\"1.0\" ?>\n"
      "<bmap version=\"2.0\">\n"
      "    <ImageSize> {} </ImageSize>\n"
      "    <BlockSize> {} </BlockSize>\n"
      "    <BlocksCount> {} </BlocksCount>\n"
      "    <MappedBlocksCount> {} </MappedBlocksCount>\n"
      "    <ChecksumType> sha256 </ChecksumType>\n"
      "    <BmapFileChecksum> {} </BmapFileChecksum>\n"
      "    <BlockMap>\n",
      image_size, kMappedBlock, align_up(image_size, kMappedBlock) / kMappedBlock, mapped,
      checksum);
}

}  // namespace

Result<std::string> bmap_of(const InputFile& image, const ByteRanges& mapped) {
  std::string body;
  std::uint64_t count = 0;
  for (const ByteRange& range : mapped) {
    body += TRY(range_line(image, range));
    count += blocks_of(range).count;
  }
  body += "    </BlockMap>\n</bmap>\n";
  // The map's own hash is that of the map with zeros in its place.
  Sha256 hash;
  hash.update(as_bytes(head(image.size(), count, std::string(64, '0'))));
  hash.update(as_bytes(body));
  return head(image.size(), count, hex(hash.digest())) + body;
}

}  // namespace trxkit::image
