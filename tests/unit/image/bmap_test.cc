// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Block maps, taken by bmaptool: it copies exactly what they name, and checks every hash. And maps
// that bmaptool made, or that somebody broke, read back.
#include "lib/image/bmap.h"

#include "tests/unit/image/image_scratch.h"

namespace trxkit::image {
namespace {

constexpr std::uint64_t kBlock = kMappedBlock;

class Bmap : public test::ImageScratch {
 public:
  /// An image of 10 blocks and a half, each full of its own letter, and its map beside it.
  Bmap() {
    std::string image;
    for (char letter = 'a'; letter < 'k'; ++letter) image += std::string(kBlock, letter);
    write("image", image + std::string(kBlock / 2, 'z'));
    InputFile file = *InputFile::open(path("image"), env);
    auto map = bmap_of(file, {{0, kBlock}, {3 * kBlock, 2 * kBlock}, {9 * kBlock, kBlock * 3 / 2}});
    write("image.bmap", map.value());
  }
};

TEST_F(Bmap, BmaptoolCopiesWhatItNames) {
  shell("bmaptool copy image target");
  std::string target = read("target");
  ASSERT_EQ(target.size(), kBlock * 21 / 2);
  std::string firsts;
  for (std::size_t block = 0; block < 11; ++block) {
    char first = target[block * kBlock];
    firsts += first == '\0' ? '.' : first;
  }
  EXPECT_EQ(firsts, "a..de....jz");
}

TEST_F(Bmap, BmaptoolFindsEveryChange) {
  std::string image = read("image");
  image[3 * kBlock + 5] = 'x';
  write("image", image);
  std::string said = shell("bmaptool copy image target", 1);
  EXPECT_NE(said.find("checksum mismatch"), std::string::npos) << said;
  std::string map = read("image.bmap");
  std::size_t range = map.find("> 3-4 <");
  ASSERT_NE(range, std::string::npos) << map;
  write("image.bmap", map.replace(range + 4, 1, "5"));
  said = shell("bmaptool copy image target", 1);
  EXPECT_NE(said.find("checksum"), std::string::npos) << said;
}

TEST_F(Bmap, ImageWithoutMappedBlocks) {
  InputFile file = *InputFile::open(path("image"), env);
  auto map = bmap_of(file, {});
  ASSERT_TRUE(map);
  EXPECT_NE(map->find("<MappedBlocksCount> 0 <"), std::string::npos) << *map;
}

class BmapReader : public Bmap {
 public:
  /// What reading the map and comparing it with the image says; empty: nothing.
  std::string complaint() const {
    InputFile image = *InputFile::open(path("image"), env);
    auto map = parse_bmap(read("image.bmap"), "image.bmap");
    Status checked =
        map ? check_bmap(*map, "image.bmap", image) : Status(std::unexpected(map.error()));
    if (checked) return {};
    EXPECT_EQ(checked.error().finding, "DEV013");
    EXPECT_EQ(checked.error().code, Code::bad_input);
    return checked.error().what;
  }
  /// Replaces `from` in the map and gives it its own hash again, as a map of others would have it.
  void change(const std::string& from, const std::string& to) const {
    std::string map = read("image.bmap");
    std::size_t at = map.find(from);
    ASSERT_NE(at, std::string::npos) << map;
    map.replace(at, from.size(), to);
    std::size_t own = map.find("<BmapFileChecksum> ") + 19;
    write("zeroed", map.replace(own, 64, 64, '0'));
    write("image.bmap", map.replace(own, 64, shell("sha256sum <zeroed").substr(0, 64)));
  }
};

TEST_F(BmapReader, TakesOurOwn) {
  EXPECT_EQ(complaint(), "");
  BlockMap map = parse_bmap(read("image.bmap"), "m").value();
  EXPECT_EQ(map.image_size, kBlock * 21 / 2);
  EXPECT_EQ(map.bytes(),
            (ByteRanges{{0, kBlock}, {3 * kBlock, 2 * kBlock}, {9 * kBlock, kBlock * 3 / 2}}));
}

TEST_F(BmapReader, TakesBmaptoolsWithItsComments) {
  shell(
      "truncate -s 1M image; printf x | dd of=image bs=1 seek=700000 conv=notrunc status=none; "
      "cp --sparse=always image i; mv i image; bmaptool create -o image.bmap image");
  EXPECT_TRUE(read("image.bmap").contains("<!--"));
  EXPECT_EQ(complaint(), "");
  ByteRanges named = parse_bmap(read("image.bmap"), "m").value().bytes();
  EXPECT_FALSE(clipped(named, 700000, 700001).empty());
  EXPECT_LT(bytes_of(named), 1U << 20);
}

TEST_F(BmapReader, AnotherImage) {
  std::string image = read("image");
  image[3 * kBlock + 5] = 'x';
  write("image", image);
  EXPECT_TRUE(complaint().starts_with("8192 bytes from 0x3000 are not those")) << complaint();
  write("image", image + "x");
  EXPECT_TRUE(complaint().starts_with("is the map of an image of 43008 bytes")) << complaint();
}

TEST_F(BmapReader, ChangesOfTheMap) {
  std::string map = read("image.bmap");
  map.replace(map.find("> 3-4 <") + 2, 1, "2");
  write("image.bmap", map);
  EXPECT_TRUE(complaint().contains("its own hash is wrong")) << complaint();
}

TEST_F(BmapReader, CommentInsideTheHash) {
  std::string map = read("image.bmap");
  write("image.bmap", map.insert(map.find("<BmapFileChecksum> ") + 30, "<!---->"));
  EXPECT_TRUE(complaint().contains("no hash of itself")) << complaint();
}

TEST_F(BmapReader, MapsThatCannotBe) {
  const std::string whole = read("image.bmap");
  struct Broken {
    const char* from;
    const char* to;
    const char* says;
  };
  for (const Broken& broken : std::initializer_list<Broken>{
           {"<bmap version=\"2.0\">", "<bmap version=\"1.4\">", "no block map of version 2"},
           {" sha256 ", " sha1 ", "other hashes"},
           {"<ImageSize> ", "<Size> ", "no ImageSize"},
           {"<BlockSize> 4096 ", "<BlockSize> 4 KiB ", "'4 KiB' for a number"},
           {"<BlockSize> 4096 ", "<BlockSize> 0 ", "no usual size"},
           {"<MappedBlocksCount> 5 ", "<MappedBlocksCount> 6 ", "count"},
           {"> 3-4 <", "> 4-3 <", "lies wrong"},
           {"> 3-4 <", "> 0-4 <", "lies wrong"},
           {"> 9-10 <", "> 9-11 <", "lies wrong"},
           {"> 3-4 <", "> -4 <", "'' for a number"},
           {"> 3-4 <", "> 3-99999999999999999999 <", "for a number"},
           {"<Range chksum=\"", "<Range chksum=\"x", "without its hash"}}) {
    write("image.bmap", whole);
    change(broken.from, broken.to);
    EXPECT_TRUE(complaint().contains(broken.says)) << broken.to << ": " << complaint();
  }
  write("image.bmap", "");
  EXPECT_TRUE(complaint().contains("no block map")) << complaint();
}

}  // namespace
}  // namespace trxkit::image
