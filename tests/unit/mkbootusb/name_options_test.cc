// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "mkbootusb/name_options.h"

#include <gtest/gtest.h>

#include "mkbootusb/entry_options.h"

namespace trxkit {
namespace {

TEST(NameOptions, EachPartHasItsPlace) {
  boot::StickLayout layout;
  boot::EntryRequest entry;
  auto taken = apply_names({.ids = {"boot=b", "root=r", "swap=s", "data=d", "disk=k"},
                            .labels = {"boot=B", "root=R", "swap=S", "data=D=E"},
                            .partition_ids = {"boot=1", "root=2", "swap=3", "data=4"}},
                           layout, entry);
  ASSERT_TRUE(taken) << taken.error().what;
  EXPECT_EQ(layout.medium + entry.root_names.id + layout.swap.id + layout.data.id, "brsd");
  EXPECT_EQ(layout.disk_id, "k");
  EXPECT_EQ(layout.boot_label + entry.root_names.label + layout.swap.label, "BRS");
  EXPECT_EQ(layout.data.label, "D=E");
  EXPECT_EQ(layout.boot_partition_id + entry.root_names.partition_id, "12");
  EXPECT_EQ(layout.swap.partition_id + layout.data.partition_id, "34");
}

TEST(NameOptions, WhatIsNoPartIsAUsageError) {
  boot::StickLayout layout;
  boot::EntryRequest entry;
  for (const char* wrong : {"swap", "home=x", "=x", ""}) {
    auto refused = apply_names({.ids = {wrong}}, layout, entry);
    ASSERT_FALSE(refused) << wrong;
    EXPECT_EQ(refused.error().code, Code::usage);
    EXPECT_EQ(refused.error().hint, "write PART=NAME; parts are boot, data, disk, root, swap");
  }
  EXPECT_FALSE(apply_names({.labels = {"disk=x"}}, layout, entry));
  EXPECT_FALSE(apply_names({.partition_ids = {"disk=x"}}, layout, entry));
}

TEST(NameOptions, EntriesHaveRootsOfTheirOwn) {
  boot::EntryRequest defaults;
  defaults.root_names.label = "ALL";
  auto entry = parse_entry("x,root-uuid=u", defaults);
  ASSERT_TRUE(entry) << entry.error().what;
  EXPECT_EQ(entry->root_names.id, "u");
  EXPECT_EQ(entry->root_names.label, "ALL");
  EXPECT_EQ(parse_entry("x,root-label=MINE", defaults)->root_names.label, "MINE");
  EXPECT_EQ(parse_entry("x,root-partuuid=p", defaults)->root_names.partition_id, "p");
}

}  // namespace
}  // namespace trxkit
