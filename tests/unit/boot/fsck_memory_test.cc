// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/boot/fsck_memory.h"

#include <gtest/gtest.h>

namespace trxkit::boot {
namespace {

constexpr std::uint64_t kMiB = 1 << 20;
constexpr std::uint64_t kGiB = 1 << 30;

bool too_large(std::uint64_t size, std::uint64_t ram, std::uint64_t swap) {
  Findings findings;
  judge_fsck_memory("USBDATA", size, ram, swap, findings);
  return findings.has("STK001");
}

TEST(FsckMemory, OneMebibyteForEachGibibyteBegun) {
  EXPECT_FALSE(too_large(64 * kGiB, 64 * kMiB, 0));
  EXPECT_TRUE(too_large(64 * kGiB + 1, 64 * kMiB, 0));
  EXPECT_FALSE(too_large(128 * kGiB, 64 * kMiB, 64 * kMiB));
  EXPECT_TRUE(too_large(129 * kGiB, 64 * kMiB, 64 * kMiB));
}

}  // namespace
}  // namespace trxkit::boot
