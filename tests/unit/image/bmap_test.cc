// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Block maps, taken by bmaptool: it copies exactly what they name, and checks every hash.
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

}  // namespace
}  // namespace trxkit::image
