// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// A disk that runs full at any step of a stick leaves no output, and an older tree as it was.
#include <csignal>

#include <sys/resource.h>

#include "tests/unit/boot/stick_fixture.h"

namespace trxkit::boot {
namespace {

class FullDisk : public Stick {
 public:
  /// `make` where no file can grow beyond `limit` bytes, as on a full disk.
  static Result<StickResult> with_limit(std::uint64_t limit,
                                        const std::function<Result<StickResult>()>& make) {
    auto* handler = signal(SIGXFSZ, SIG_IGN);
    struct rlimit previous{};
    getrlimit(RLIMIT_FSIZE, &previous);
    struct rlimit tight = previous;
    tight.rlim_cur = limit;
    setrlimit(RLIMIT_FSIZE, &tight);
    auto result = make();
    setrlimit(RLIMIT_FSIZE, &previous);
    signal(SIGXFSZ, handler);
    return result;
  }
};

// Small text files, initramfs, kernel, root image, boot partition, the partitions behind it.
constexpr std::uint64_t kLimits[] = {0,       200,      1 << 10,  6 << 10,  20 << 10,
                                     1 << 20, 12 << 20, 16 << 20, 17 << 20, 30 << 20};

TEST_F(FullDisk, LeavesNoImage) {
  request.layout.swap_size = 1 << 20;
  request.layout.data_size = 16 << 20;
  std::string before = listing();
  for (std::uint64_t limit : kLimits) {
    auto result = with_limit(limit, [this] { return image("stick.img"); });
    EXPECT_FALSE(result) << limit;
    EXPECT_EQ(listing(), before) << limit;
  }
  ASSERT_TRUE(with_limit(1 << 30, [this] { return image("stick.img"); }));
}

TEST_F(FullDisk, LeavesTheTreeAsItWas) {
  ASSERT_TRUE(tree("stick"));
  write("root/etc/greeting", "good evening\n");
  std::string before = shell("find stick | sort; cd stick && find . -type f | xargs sha256sum");
  for (std::uint64_t limit : kLimits) {
    auto result = with_limit(limit, [this] { return tree("stick"); });
    if (result) continue;
    EXPECT_EQ(shell("find stick | sort; cd stick && find . -type f | xargs sha256sum"), before)
        << limit;
  }
}

}  // namespace
}  // namespace trxkit::boot
