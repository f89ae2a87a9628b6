// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What reaches a disk, in which order, and what a disk that fails looks like afterwards.
#include "lib/boot/write_blocks.h"

#include <gmock/gmock.h>

#include "tests/unit/fake_devices.h"
#include "tests/unit/scratch.h"

namespace trxkit::boot {
namespace {

using ::testing::HasSubstr;

constexpr std::uint64_t kSize = 9 << 20;
constexpr std::uint64_t kFirst = 1 << 20;  ///< of the second range
constexpr std::uint64_t kLength = 6 << 20;

class WriteBlocks : public test::Scratch {
 public:
  WriteBlocks() {
    std::string contents(kSize, '\0');
    for (std::size_t i = 0; i < kSize; ++i) contents[i] = static_cast<char>(i / 251 + i);
    image_path = write("stick.img", contents);
  }

  Result<BlockWriteResult> run(const BlockWriteOptions& options = {}) {
    InputFile image = InputFile::open(image_path, env).value();
    test::OpenFakeDisk device(disk);
    DeviceContents contents{kSize, write_ranges(image, ranges)};
    return write_blocks(contents, device, "/dev/sdz", options,
                        [this](std::string_view step, std::uint64_t done, std::uint64_t total) {
                          EXPECT_LE(done, total);
                          if (steps.empty() || steps.back() != step) steps.emplace_back(step);
                          if (steps.size() == 4) disk.bad_write = bad_write_behind_the_head;
                        });
  }
  bool holds_image_at(std::uint64_t offset, std::uint64_t size) const {
    return std::string(as_text(Bytes(disk.bytes).subspan(offset, size))) ==
           read("stick.img").substr(offset, size);
  }
  bool is_filled(std::uint64_t offset, std::uint64_t size, unsigned char value) const {
    Bytes bytes = Bytes(disk.bytes).subspan(offset, size);
    return std::ranges::all_of(bytes, [=](std::byte byte) { return byte == std::byte{value}; });
  }
  void expect_empty_head() const { EXPECT_TRUE(is_filled(0, kHeadSize, 0)); }

  std::string image_path;
  image::ByteRanges ranges{{0, 8192}, {kFirst, kLength}};
  test::FakeDisk disk{kSize};
  std::vector<std::string> steps;  ///< write, compare; the same for the head
  std::uint64_t bad_write_behind_the_head = test::FakeDisk::kNowhere;
};

TEST_F(WriteBlocks, MappedOnesOnly) {
  auto result = run();
  ASSERT_TRUE(result);
  EXPECT_EQ(result->written, 8192 + kLength);
  EXPECT_EQ(result->compared, 8192 + kLength);
  EXPECT_TRUE(holds_image_at(0, 8192));
  EXPECT_TRUE(holds_image_at(kFirst, kLength));
  // What nobody owns stays as it was, but for the head.
  EXPECT_TRUE(is_filled(kHeadSize, kFirst - kHeadSize, 0xff));
  EXPECT_TRUE(is_filled(kFirst + kLength, kSize - kFirst - kLength, 0xff));
  EXPECT_TRUE(is_filled(8192, kHeadSize - 8192, 0));
}

TEST_F(WriteBlocks, TheHeadIsWipedFirstAndWrittenLast) {
  ASSERT_TRUE(run());
  EXPECT_EQ(disk.writes.front(), std::make_pair(std::uint64_t{0}, kHeadSize));
  EXPECT_EQ(disk.writes.back(), std::make_pair(std::uint64_t{0}, std::uint64_t{8192}));
  EXPECT_EQ(disk.flushes, 3u);
  EXPECT_EQ(disk.discards, 1u);
  EXPECT_EQ(steps, (std::vector<std::string>{"write", "compare", "write", "compare"}));
}

TEST_F(WriteBlocks, ComparesOnlyWhereWanted) {
  disk.bad_read = kFirst;
  auto result = run({.verify = false});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->compared, 0u);
  EXPECT_EQ(steps, std::vector<std::string>{"write"});
}

TEST_F(WriteBlocks, TakesShortWritesAndReads) {
  disk.most_at_once = 1000;
  ASSERT_TRUE(run());
  EXPECT_TRUE(holds_image_at(0, 8192));
  EXPECT_TRUE(holds_image_at(kFirst, kLength));
}

TEST_F(WriteBlocks, AnErrorNamesItsPlaceAndLeavesNoStick) {
  disk.most_at_once = 4096;
  for (std::uint64_t bad : {kFirst, kFirst + 12345, kFirst + kLength - 1}) {
    disk.bad_write = bad;
    auto failed = run();
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code, Code::io);
    EXPECT_EQ(failed.error().where.file, "/dev/sdz");
    EXPECT_EQ(*failed.error().where.offset, bad / 4096 * 4096);
    expect_empty_head();
  }
}

TEST_F(WriteBlocks, AnErrorInTheHead) {
  disk.bad_write = 100;
  EXPECT_FALSE(run());
  EXPECT_EQ(disk.written, 0u);
}

TEST_F(WriteBlocks, ADiskThatIsPulledOut) {
  disk.most_at_once = 65536;
  for (std::uint64_t after = 65536; after < kLength; after += 1 << 20) {
    disk.written = 0;
    disk.gone_after = after;
    EXPECT_FALSE(run());
    expect_empty_head();
  }
}

TEST_F(WriteBlocks, AWrongReadBackIsNamedByItsRange) {
  disk.forgets = kFirst + (5 << 20) + 70000;
  auto failed = run();
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().finding, "DEV009");
  EXPECT_EQ(*failed.error().where.offset, kFirst + (5 << 20) + 65536);
  EXPECT_THAT(failed.error().what, HasSubstr("65536 bytes from 0x610000"));
  expect_empty_head();
}

TEST_F(WriteBlocks, AWrongHeadIsTakenAwayAgain) {
  disk.forgets = 300;
  disk.bytes[300] = std::byte{0};
  auto failed = run();
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().finding, "DEV009");
  expect_empty_head();
}

TEST_F(WriteBlocks, AWrongHeadThatStaysIsSaid) {
  disk.forgets = 300;
  disk.bytes[300] = std::byte{0};
  bad_write_behind_the_head = 0;
  auto failed = run();
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().finding, "DEV009");
  EXPECT_THAT(failed.error().hint, HasSubstr("could not be wiped"));
}

TEST_F(WriteBlocks, MinimizeWritesWhatDiffers) {
  ASSERT_TRUE(run());
  disk.writes.clear();
  disk.discards = 0;
  auto same = run({.minimize = true});
  ASSERT_TRUE(same);
  EXPECT_EQ(same->written, 0u);
  EXPECT_TRUE(disk.writes.empty());
  disk.bytes[kFirst + 200000] = std::byte{0x55};
  disk.bytes[kFirst + 262144] ^= std::byte{0x01};
  auto changed = run({.minimize = true});
  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->written, 2 * 65536 + 8192u);
  EXPECT_TRUE(holds_image_at(kFirst, kLength));
  EXPECT_TRUE(holds_image_at(0, 8192));
  EXPECT_EQ(disk.discards, 0u);
}

TEST_F(WriteBlocks, SeveralFilesEachForItsOwnPlace) {
  write("other", std::string(20000, 'o'));
  InputFile image = InputFile::open(image_path, env).value();
  InputFile other = InputFile::open(path("other"), env).value();
  DeviceContents contents{kSize, write_ranges(image, {{0, 8192}})};
  contents.ranges.push_back(write_ranges(other, {{5000, 10000}}, kFirst)[0]);
  contents.ranges.push_back({&image, 0, {kFirst + 20000, 30000}});
  test::OpenFakeDisk device(disk);
  auto quiet = [](std::string_view, std::uint64_t, std::uint64_t) {};
  auto result = write_blocks(contents, device, "/dev/sdz", {}, quiet);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->compared, 8192 + 10000 + 30000u);
  EXPECT_TRUE(is_filled(kFirst + 5000, 10000, 'o'));
  EXPECT_TRUE(std::ranges::equal(Bytes(disk.bytes).subspan(kFirst + 20000, 30000),
                                 as_bytes(read("stick.img")).first(30000)));
  disk.bytes[kFirst + 5000] = std::byte{0};
  disk.bytes[kFirst + 49999] ^= std::byte{1};
  result = write_blocks(contents, device, "/dev/sdz", {.minimize = true}, quiet);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->written, 8192 + 10000 + 30000u);
}

TEST_F(WriteBlocks, DiscardsOnlyWhereWantedAndTaken) {
  ASSERT_TRUE(run({.discard = false}));
  EXPECT_EQ(disk.discards, 0u);
  disk.takes_discards = false;
  EXPECT_FALSE(run()->discarded);
}

// A file in place of a disk, whose second write stops the process.
class StoppingDevice final : public BlockDevice {
 public:
  explicit StoppingDevice(std::unique_ptr<BlockDevice> device) : device_(std::move(device)) {}
  Result<std::size_t> write_some(std::uint64_t offset, Bytes bytes) override {
    if (++writes_ == 2) {
      raise(SIGSTOP);
      usleep(200000);
    }
    return device_->write_some(offset, bytes);
  }
  Result<std::size_t> read_some(std::uint64_t offset, MutableBytes target) override {
    return device_->read_some(offset, target);
  }
  Status flush() override { return device_->flush(); }
  bool discard() override { return device_->discard(); }

 private:
  std::unique_ptr<BlockDevice> device_;
  int writes_ = 0;
};

// A process of its own: the thread that waits for signals does not survive a fork.
TEST(WriteBlocksChild, DISABLED_Stops) {
  std::string folder = getenv("TRXKIT_TEST_FOLDER");
  Env env = Env::system();
  ASSERT_NE(std::freopen((folder + "/err").c_str(), "w", stderr), nullptr);
  InputFile image = InputFile::open(folder + "/stick.img", env).value();
  StoppingDevice device(system_block_devices().open(folder + "/target").value());
  auto quiet = [](std::string_view, std::uint64_t, std::uint64_t) {};
  DeviceContents contents{kSize, write_ranges(image, {{0, kSize}})};
  ASSERT_TRUE(write_blocks(contents, device, "/dev/sdz", {}, quiet));
}

TEST_F(WriteBlocks, AnInterruptedOneDoesNotLookBootableAndSaysSo) {
  write("target", std::string(kSize, '\xff'));
  pid_t child = fork();
  if (child == 0) {
    setenv("TRXKIT_TEST_FOLDER", folder.c_str(), 1);
    execl("/proc/self/exe", "test", "--gtest_filter=WriteBlocksChild.*",
          "--gtest_also_run_disabled_tests", nullptr);
    _exit(9);
  }
  int status = 0;
  waitpid(child, &status, WUNTRACED);
  ASSERT_TRUE(WIFSTOPPED(status)) << status;
  kill(child, SIGINT);
  kill(child, SIGCONT);
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT) << status;
  EXPECT_EQ(read("target").substr(0, kHeadSize), std::string(kHeadSize, '\0'));
  EXPECT_THAT(read("err"), HasSubstr("/dev/sdz: interrupted; it does not look bootable"));
}

}  // namespace
}  // namespace trxkit::boot
