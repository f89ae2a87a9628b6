// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/rootfs/entry.h"

#include <gtest/gtest.h>

namespace trxkit::rootfs {
namespace {

TEST(EntryText, CarriesMoreKeys) {
  BootEntry entry{.name = "x", .title = {}, .medium = "U", .root = "label:R", .start = {}};
  entry.start.options.clear();
  entry.priority = 7;
  EXPECT_EQ("name x\npriority 7\nmedium U\nroot label:R\ninit /sbin/init\nkernel k\n",
            entry_text(entry, {{"kernel", "k"}, {"empty", ""}}));
}

TEST(EntryText, TellsHowTheSystemStarts) {
  StartSettings start{.options = "ro,overlay",
                      .init = "/bin/x",
                      .path = "/bin:/sbin",
                      .environment = {"A=one word", "B="},
                      .mounts = {"label:D /opt ext4 rw", "tmpfs /run tmpfs rw"},
                      .swap = "label:S",
                      .check = false,
                      .rescue = true};
  EXPECT_EQ(
      "priority 100\noptions ro,overlay\ninit /bin/x\npath /bin:/sbin\nenv A=one word\nenv B=\n"
      "mount label:D /opt ext4 rw\nmount tmpfs /run tmpfs rw\nswap label:S\nfsck no\nrescue yes\n",
      entry_text({.start = start}, {}));
}

}  // namespace
}  // namespace trxkit::rootfs
