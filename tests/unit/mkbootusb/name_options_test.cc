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
  auto taken = apply_names({"boot=b", "root=r", "swap=s", "data=d", "disk=k"},
                           {"boot=B", "root=R", "swap=S", "data=D=E"}, layout, entry);
  ASSERT_TRUE(taken) << taken.error().what;
  EXPECT_EQ(layout.medium + entry.root_names.id + layout.swap.id + layout.data.id, "brsd");
  EXPECT_EQ(layout.disk_id, "k");
  EXPECT_EQ(layout.boot_label + entry.root_names.label + layout.swap.label, "BRS");
  EXPECT_EQ(layout.data.label, "D=E");
}

TEST(NameOptions, WhatIsNoPartIsAUsageError) {
  boot::StickLayout layout;
  boot::EntryRequest entry;
  for (const char* wrong : {"swap", "home=x", "=x", ""}) {
    auto refused = apply_names({wrong}, {}, layout, entry);
    ASSERT_FALSE(refused) << wrong;
    EXPECT_EQ(refused.error().code, Code::usage);
    EXPECT_EQ(refused.error().hint, "write PART=NAME; parts are boot, data, disk, root, swap");
  }
  EXPECT_FALSE(apply_names({}, {"disk=x"}, layout, entry));
}

TEST(NameOptions, EntriesHaveRootsOfTheirOwn) {
  boot::EntryRequest defaults;
  defaults.root_names.label = "ALL";
  auto entry = parse_entry("x,root-uuid=u", defaults);
  ASSERT_TRUE(entry) << entry.error().what;
  EXPECT_EQ(entry->root_names.id, "u");
  EXPECT_EQ(entry->root_names.label, "ALL");
  EXPECT_EQ(parse_entry("x,root-label=MINE", defaults)->root_names.label, "MINE");
}

}  // namespace
}  // namespace trxkit
