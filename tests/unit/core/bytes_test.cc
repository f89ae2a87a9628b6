// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/core/bytes.h"

#include <gtest/gtest.h>

#include "lib/core/digest.h"

namespace trxkit {
namespace {

TEST(BoxedInteger, BytesLieInTheNamedOrder) {
  EXPECT_EQ(as_text(as_bytes(le32(0x30524448))), "HDR0");
  EXPECT_EQ(as_text(as_bytes(be32(0x48445230))), "HDR0");
  EXPECT_EQ(as_text(as_bytes(le16(0x4241))), "AB");
  EXPECT_EQ(std::uint64_t{be64(0x0102030405060708)}, 0x0102030405060708u);
}

TEST(ByteReader, NeverLeavesItsSpan) {
  ByteReader reader(as_bytes(std::string_view("HDR0....")), "file", 0x100);
  EXPECT_EQ(reader.read_at<le32>(0)->value(), 0x30524448u);
  EXPECT_TRUE(reader.read_at<le32>(4));
  for (std::uint64_t offset : {5ULL, 8ULL, 9ULL, ~0ULL, ~0ULL - 2}) {
    auto value = reader.read_at<le32>(offset);
    ASSERT_FALSE(value) << offset;
    EXPECT_EQ(value.error().where.file, "file");
  }
  EXPECT_EQ(reader.read_at<le32>(5).error().where.text(), "file@0x105");
}

TEST(Arithmetic, DoesNotWrap) {
  EXPECT_FALSE(checked_add<std::uint32_t>(0xffffffff, 1));
  EXPECT_EQ(*checked_add<std::uint32_t>(0xfffffffe, 1), 0xffffffffu);
  EXPECT_FALSE(checked_multiply<std::uint64_t>(1ULL << 32, 1ULL << 32));
  EXPECT_FALSE(range_inside(~0ULL, 2, 10));
  EXPECT_TRUE(range_inside(10, 0, 10));
  EXPECT_FALSE(range_inside(10, 1, 10));
  EXPECT_EQ(align_up(0x20001, 0x10000), 0x30000u);
  EXPECT_EQ(align_up(~0ULL, 4096), ~0ULL - 4095);
}

// Check values: Rocksoft catalogue, "CRC-32/ISO-HDLC" and "CRC-32/JAMCRC"; FIPS 180-2, "abc".
TEST(Digest, KnownAnswers) {
  Crc32 crc;
  crc.update(as_bytes(std::string_view("123456789")));
  EXPECT_EQ(crc.value(), 0xCBF43926u);
  EXPECT_EQ(crc.jamcrc(), 0x340BC6D9u);
  Sha256 sha;
  sha.update(as_bytes(std::string_view("abc")));
  EXPECT_EQ(hex(sha.digest()), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Digest, CrcOfPiecesIsCrcOfTheWhole) {
  Crc32 head, tail;
  head.update(as_bytes(std::string_view("1234")));
  tail.update(as_bytes(std::string_view("56789")));
  head.append(tail, 5);
  EXPECT_EQ(head.value(), 0xCBF43926u);
}

}  // namespace
}  // namespace trxkit
