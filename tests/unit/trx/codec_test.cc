// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/trx/codec.h"

#include "lib/trx/lzma_header.h"

#include "tests/unit/scratch.h"
#include "tests/unit/trx_fixture.h"

namespace trxkit::trx {
namespace {

// Compressible, longer than every buffer, not periodic.
std::string sample(std::size_t size) {
  std::string text;
  for (std::uint32_t i = 0; text.size() < size; i = i * 1664525 + 1013904223) {
    text += "word" + std::to_string(i >> 16 & 0xfff);
  }
  text.resize(size);
  return text;
}

class Codec : public test::Scratch {
 public:
  template <typename Make>
  std::string compress(const std::string& text, Make make) const {
    std::string packed;
    auto compressor = make([&](Bytes bytes) -> Status {
      packed += as_text(bytes);
      return {};
    });
    for (std::size_t done = 0; done < text.size(); done += 5000) {
      EXPECT_TRUE(compressor->write(as_bytes(std::string_view(text).substr(done, 5000))));
    }
    EXPECT_TRUE(compressor->finish());
    return packed;
  }
  std::string gzip(const std::string& text) const {
    return compress(text, [](Sink sink) { return make_gzip(std::move(sink)); });
  }
  std::string lzma(const std::string& text, const board::LzmaParameters& parameters = {}) const {
    return compress(text,
                    [&](Sink sink) { return make_lzma(std::move(sink), parameters, text.size()); });
  }
  using Unpack = Result<Unpacked> (*)(const FileRange&, const Sink&, std::uint64_t);
  Unpacked unpack(Unpack decoder, const std::string& packed, std::string& text,
                  std::uint64_t limit = kUnpackLimit) const {
    write("packed", packed);
    auto file = InputFile::open(path("packed"), env);
    text.clear();
    auto unpacked = decoder(
        {&*file, 0, file->size()},
        [&](Bytes bytes) -> Status {
          text += as_text(bytes);
          return {};
        },
        limit);
    EXPECT_TRUE(unpacked);
    return *unpacked;
  }
};

TEST_F(Codec, GzipIsReadByGzip) {
  std::string text = sample(300000);
  write("text", text);
  write("text.gz", gzip(text));
  shell("gzip -t text.gz && gzip -dc text.gz | cmp - text");
}

TEST_F(Codec, GzipCarriesNoTimeAndAFixedSystem) {
  std::string packed = gzip("x");
  EXPECT_EQ(packed.substr(0, 4), std::string("\x1f\x8b\x08\0", 4));
  EXPECT_EQ(packed.substr(4, 4), std::string(4, '\0'));
  EXPECT_EQ(packed[9], 3);
  EXPECT_EQ(packed, gzip("x"));
}

TEST_F(Codec, LzmaIsReadByXz) {
  std::string text = sample(300000);
  write("text", text);
  for (bool end_marker : {false, true}) {
    board::LzmaParameters parameters{1, 2, 2, 1 << 20, end_marker};
    write("text.lzma", lzma(text, parameters));
    shell("xz --format=lzma -dc text.lzma | cmp - text");
  }
}

TEST_F(Codec, LzmaHeaderSaysWhatWasAskedFor) {
  std::string packed = lzma("hello", {3, 0, 2, 1 << 16, false});
  EXPECT_EQ(packed.substr(0, 14), std::string("\x5d\0\0\1\0\5\0\0\0\0\0\0\0\0", 14));
  packed = lzma("hello", {3, 0, 2, 1 << 16, true});
  EXPECT_EQ(packed.substr(5, 8), std::string(8, '\xff'));
}

TEST_F(Codec, ImpossibleLzmaParametersAreRefused) {
  auto compressor = make_lzma([](Bytes) -> Status { return {}; }, {4, 4, 2, 1 << 16, false}, 1);
  auto status = compressor->write(as_bytes(std::string_view("x")));
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, Code::usage);
}

TEST_F(Codec, WrongAnnouncedSizeIsRefused) {
  auto sink = [](Bytes) -> Status { return {}; };
  auto longer = make_lzma(sink, {}, 1);
  EXPECT_FALSE(longer->write(as_bytes(std::string_view("xy"))));
  auto shorter = make_lzma(sink, {}, 2);
  ASSERT_TRUE(shorter->write(as_bytes(std::string_view("x"))));
  EXPECT_FALSE(shorter->finish());
}

TEST_F(Codec, StreamsEndWhereTheySay) {
  std::string text = sample(200000);
  std::string text_out;
  for (auto [decoder, packed] : {std::pair<Unpack, std::string>{unpack_gzip, gzip(text)},
                                 std::pair<Unpack, std::string>{unpack_lzma, lzma(text)}}) {
    Unpacked unpacked = unpack(decoder, packed + std::string(1000, '\0'), text_out);
    EXPECT_EQ(unpacked.fault, "");
    EXPECT_EQ(unpacked.packed_size, packed.size());
    EXPECT_EQ(text_out, text);
  }
}

TEST_F(Codec, EveryCutIsAFault) {
  std::string text = sample(3000);
  std::string text_out;
  for (auto [decoder, packed] : {std::pair<Unpack, std::string>{unpack_gzip, gzip(text)},
                                 std::pair<Unpack, std::string>{unpack_lzma, lzma(text)}}) {
    for (std::size_t size = 0; size < packed.size(); size += size < 64 ? 1 : 97) {
      EXPECT_NE(unpack(decoder, packed.substr(0, size), text_out).fault, "") << size;
    }
    EXPECT_NE(unpack(decoder, packed.substr(0, packed.size() - 1), text_out).fault, "");
  }
}

TEST_F(Codec, DamageIsAFault) {
  std::string text = sample(3000);
  std::string text_out;
  for (auto [decoder, packed] : {std::pair<Unpack, std::string>{unpack_gzip, gzip(text)},
                                 std::pair<Unpack, std::string>{unpack_lzma, lzma(text)}}) {
    packed[packed.size() / 2] ^= 0x10;
    Unpacked unpacked = unpack(decoder, packed, text_out);
    EXPECT_TRUE(!unpacked.fault.empty() || text_out != text);
  }
}

TEST_F(Codec, UnpackingStopsAtTheLimit) {
  std::string text_out;
  std::string zeros(3 << 20, '\0');
  for (auto [decoder, packed] : {std::pair<Unpack, std::string>{unpack_gzip, gzip(zeros)},
                                 std::pair<Unpack, std::string>{unpack_lzma, lzma(zeros)}}) {
    Unpacked unpacked = unpack(decoder, packed, text_out, 1 << 20);
    EXPECT_TRUE(unpacked.over_limit);
    EXPECT_LT(text_out.size(), 2U << 20);
  }
}

TEST_F(Codec, HugeDictionaryIsAFaultNotAnAllocation) {
  test::TrxFixture packed{lzma("hello")};
  packed.put32(1, 0x80000000);
  std::string text_out;
  EXPECT_NE(unpack(unpack_lzma, packed.bytes, text_out).fault, "");
}

// A dictionary of 8 MiB lies in a scratch file; the second half of the text is found 5 MiB back.
TEST_F(Codec, SpilledDictionariesGiveTheSameBytes) {
  shell("head -c 5242880 /dev/urandom > half; cat half half > text");
  shell("xz --format=lzma --lzma1=preset=0,dict=8MiB --stdout text > packed");
  std::string packed = read("packed");
  ASSERT_LT(packed.size(), 6U << 20);
  std::string text_out;
  Unpacked unpacked = unpack(unpack_lzma, packed, text_out);
  EXPECT_EQ(unpacked.fault, "");
  EXPECT_EQ(unpacked.packed_size, packed.size());
  EXPECT_TRUE(text_out == read("text"));
}

TEST_F(Codec, LzmaHasNoMagicButHabits) {
  auto header = [](std::uint8_t properties, std::uint32_t dictionary, std::uint64_t size) {
    LzmaHeader result;
    result.properties[0] = properties;
    result.dictionary = dictionary;
    result.size = size;
    return result;
  };
  EXPECT_TRUE(plausible(header(0x5d, 1 << 16, 100)));
  EXPECT_TRUE(plausible(header(0x6d, 1 << 23, kLzmaSizeUnknown)));
  EXPECT_TRUE(plausible(header(0x5d, 3 << 20, 100)));
  EXPECT_TRUE(plausible(header(0x5d, 0xffffffff, 100)));
  EXPECT_FALSE(plausible(header(225, 1 << 16, 100)));
  EXPECT_FALSE(plausible(header(0x5d, 0, 100)));
  EXPECT_FALSE(plausible(header(0x5d, 5 << 20, 100)));
  EXPECT_FALSE(plausible(header(0x5d, 0x65657268, 100)));
  EXPECT_FALSE(plausible(header(0x5d, 1 << 16, 0)));
  EXPECT_FALSE(plausible(header(0x5d, 1 << 16, std::uint64_t{1} << 40)));
}

}  // namespace
}  // namespace trxkit::trx
