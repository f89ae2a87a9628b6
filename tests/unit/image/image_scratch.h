// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The scratch folder of tests that write images: what a failed writer must not leave in it.
#pragma once

#include "tests/unit/scratch.h"

namespace trxkit::test {

class ImageScratch : public Scratch {
 public:
  void expect_nothing_left() const {
    std::filesystem::remove(folder / ".shell");
    EXPECT_TRUE(std::filesystem::is_empty(folder)) << shell("ls -la");
  }
};

}  // namespace trxkit::test
