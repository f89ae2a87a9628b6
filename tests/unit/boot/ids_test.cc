// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/boot/ids.h"

#include <regex>

#include <gtest/gtest.h>

namespace trxkit::boot {
namespace {

StickIds ids_of(const std::vector<std::pair<std::string, std::string>>& ingredients) {
  IdSeed seed;
  for (const auto& [name, value] : ingredients) seed.add(name, value);
  return seed.ids();
}

TEST(Ids, EqualIngredientsGiveEqualIds) {
  StickIds a = ids_of({{"board", "x"}, {"kernel", "1234"}});
  StickIds b = ids_of({{"board", "x"}, {"kernel", "1234"}});
  EXPECT_EQ(a.root_uuid("default"), b.root_uuid("default"));
  EXPECT_EQ(a.boot_uuid, b.boot_uuid);
  EXPECT_EQ(a.volume_id, b.volume_id);
  EXPECT_EQ(a.disk_id, b.disk_id);
}

TEST(Ids, EachIngredientAndItsPlaceCounts) {
  StickIds first = ids_of({{"board", "x"}, {"kernel", "1234"}});
  EXPECT_NE(first.root_uuid("default"),
            ids_of({{"board", "x"}, {"kernel", "1235"}}).root_uuid("default"));
  EXPECT_NE(first.root_uuid("default"),
            ids_of({{"kernel", "1234"}, {"board", "x"}}).root_uuid("default"));
  // Where one ends and the next begins is hashed too.
  EXPECT_NE(first.root_uuid("default"),
            ids_of({{"boardx", ""}, {"kernel", "1234"}}).root_uuid("default"));
  EXPECT_NE(first.volume_id, ids_of({{"board", "y"}, {"kernel", "1234"}}).volume_id);
  EXPECT_NE(first.disk_id, ids_of({{"board", "y"}, {"kernel", "1234"}}).disk_id);
}

TEST(Ids, RootAndBootPartitionDiffer) {
  StickIds ids = ids_of({{"board", "x"}});
  EXPECT_NE(ids.root_uuid("default"), ids.boot_uuid);
  EXPECT_NE(ids.volume_id, ids.disk_id);
}

TEST(Ids, EachEntryHasAnotherRoot) {
  StickIds ids = ids_of({{"board", "x"}});
  EXPECT_NE(ids.root_uuid("a"), ids.root_uuid("b"));
  EXPECT_NE(ids.root_uuid("boot"), ids.boot_uuid);
}

TEST(Ids, UuidsHaveVersionAndVariant) {
  const std::regex form("[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  for (int i = 0; i < 50; ++i) {
    StickIds ids = ids_of({{"number", std::to_string(i)}});
    EXPECT_TRUE(std::regex_match(ids.root_uuid("default"), form)) << ids.root_uuid("default");
    EXPECT_TRUE(std::regex_match(ids.boot_uuid, form)) << ids.boot_uuid;
    EXPECT_NE(ids.disk_id, 0U);
  }
}

TEST(Ids, VolumeIsNamedAsFindfsNamesIt) {
  EXPECT_EQ(volume_name(0x0012abcd), "0012-ABCD");
}

}  // namespace
}  // namespace trxkit::boot
